"""Who is signed in where, for administrators; with coordinators, the log of who did what. The log is only read."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, sessions
from console.labels import ACTIONS, options
from console.policy import ADMINS, OVERSEERS, Page
from console.visit import Visit


def routes() -> list[BaseRoute]:
    """The routes of sessions and the log."""
    return [
        Page("/sessions", list_sessions, ADMINS),
        Page("/sessions", end_session, ADMINS, ["POST"]),
        Page("/audit", audit_log, OVERSEERS),
    ]


async def list_sessions(visit: Visit) -> Response:
    """Who is signed in where."""
    async with visit.desk.sessions.reading() as reading:
        living = await sessions.living(reading, visit.desk.now())
    found = [one for one in living if visit.asked("q").lower() in one.email]
    if visit.asked("sort") == "email":
        found.sort(key=lambda one: one.email)
    elif visit.asked("sort") == "oldest":
        found.sort(key=lambda one: one.created)
    query = {name: visit.asked(name) for name in ("q", "sort")}
    return visit.page("sessions.html", living=found, query=query)


async def end_session(visit: Visit) -> Response:
    """End one session."""
    async with visit.desk.sessions.writing() as writing:
        email = await sessions.end_known(writing, visit.said("session"))
        if email:
            await audit.note(writing, visit.desk.now(), visit.account.email, "sessions.end", email)
    return visit.to("/sessions")


async def audit_log(visit: Visit) -> Response:
    """The log and whether it is whole. Coordinators see what concerns their places, and what they did themselves."""
    admin, after = visit.account.role == "admin", visit.asked("after")
    wanted = audit.Wanted(
        action=visit.asked("action"), who=visit.asked("who"), place=visit.asked("place"),
        oldest=visit.asked("sort") == "oldest", after=int(after[:9]) if after.isdecimal() else 0,
        places=None if admin else visit.places, reader=visit.account.email,
    )  # fmt: skip
    async with visit.desk.sessions.reading() as reading:
        entries = await audit.entries(reading, wanted)
        broken = await audit.first_broken(reading)
    names = [
        (code, visit.desk.place_name(code, visit.w))
        for code in visit.desk.every_place
        if code in visit.places
    ]
    return visit.page(
        "audit.html", entries=entries, broken=broken, wanted=wanted, places=names,
        actions=options(ACTIONS, visit.w), action_names=ACTIONS,
    )  # fmt: skip
