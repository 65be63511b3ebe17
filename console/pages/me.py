"""One's own account: language, password, recovery codes, the sessions that are open, and the own chat."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import accounts, audit, passwords, second_factor, sessions
from console.desk import ChatLinks
from console.policy import EVERYBODY, Page
from console.proving import both_complaints, is_fresh, password_complaint
from console.visit import LANGUAGES, Visit


def routes() -> list[BaseRoute]:
    """The routes of one's own account."""
    return [
        Page("/me", me, EVERYBODY),
        Page("/me/language", choose_language, EVERYBODY, ["POST"]),
        Page("/me/password", change_password, EVERYBODY, ["POST"]),
        Page("/me/recovery-codes", recovery_codes, EVERYBODY),
        Page("/me/recovery-codes", make_recovery_codes, EVERYBODY, ["POST"]),
        Page("/me/sessions", end_others, EVERYBODY, ["POST"]),
        Page("/me/chat", chat_code, EVERYBODY, ["POST"]),
        Page("/me/chat/end", end_chat, EVERYBODY, ["POST"]),
    ]


async def me(visit: Visit) -> Response:
    """The page of one's own account."""
    return await _me(visit, {})


async def _me(visit: Visit, errors: dict[str, str]) -> Response:
    async with visit.desk.sessions.reading() as reading:
        mine = await sessions.living(reading, visit.desk.now(), visit.account.id)
    chats = visit.desk.given.chats
    link = await chats.of(visit.account.email) if chats else None
    return visit.page(
        "me.html", 422 if errors else 200, mine=mine, errors=errors, done=visit.asked("done"), offers_chat=chats is not None, fresh=is_fresh(visit),
        linked=_seconds(link.linked) if link else None, waits=_seconds(link.code_expires) if link else None,
    )  # fmt: skip


def _seconds(moment: datetime | None) -> int | None:
    """SQLite gives moments back without their zone; they were written in UTC."""
    if moment is None:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


async def choose_language(visit: Visit) -> Response:
    """Work in another language from now on."""
    chosen = visit.said("language")
    if chosen in LANGUAGES:
        async with visit.desk.sessions.writing() as writing:
            await accounts.change(writing, visit.account.id, language=chosen)
            await audit.note(
                writing, visit.desk.now(), visit.account.email, "account.language", visit.account.email,
                detail={"language": chosen},
            )  # fmt: skip
    back = visit.said("back")
    return visit.to(back if back.startswith("/") and not back.startswith("//") else "/me")


async def change_password(visit: Visit) -> Response:
    """A new password for who knows the old one; other sessions end."""
    desk, account = visit.desk, visit.account
    new = str(visit.form.get("password", ""))
    if complaint := await password_complaint(visit):
        return await _me(visit, {"old": complaint})
    if (error := await passwords.complaint(new, account.email)) is not None:
        return await _me(visit, {"password": visit.w(error)})
    hashed = await desk.passwords.hash(new)
    async with desk.sessions.writing() as writing:
        await accounts.change(writing, account.id, password_hash=hashed)
        await sessions.end_all(writing, account.id, but=visit.session.digest if visit.session else "")
        await audit.note(writing, desk.now(), account.email, "account.password", account.email)
    return visit.to("/me", done="password")


async def recovery_codes(visit: Visit) -> Response:
    """Why recovery codes are useful, and the button that makes them."""
    return visit.page("recovery_codes.html", codes=(), fresh=is_fresh(visit))


async def make_recovery_codes(visit: Visit) -> Response:
    """Fresh recovery codes, shown this once, for who has just given both factors."""
    account, desk = visit.account, visit.desk
    if errors := await both_complaints(visit):
        return visit.page("recovery_codes.html", 422, codes=(), fresh=False, errors=errors)
    async with desk.sessions.writing() as writing:
        codes = await second_factor.new_codes(writing, account.id)
        await audit.note(writing, desk.now(), account.email, "account.recovery_codes", account.email)
    return visit.page("recovery_codes.html", codes=codes, fresh=True)


async def end_others(visit: Visit) -> Response:
    """End every session but this one, for who gives the password again."""
    if not is_fresh(visit) and (complaint := await password_complaint(visit, "present")):
        return await _me(visit, {"present": complaint})
    async with visit.desk.sessions.writing() as writing:
        await sessions.end_all(writing, visit.account.id, but=visit.session.digest if visit.session else "")
        await audit.note(writing, visit.desk.now(), visit.account.email, "sessions.end", visit.account.email)
    return visit.to("/me", done="sessions")


async def chat_code(visit: Visit) -> Response:
    """A code with which one links one's own chat, shown this once; it ends an older code and an older link."""
    chats, account = _chats(visit), visit.account
    code = await chats.new_code(account.email, visit.places, account.role)
    async with visit.desk.sessions.writing() as writing:
        await audit.note(writing, visit.desk.now(), account.email, "account.chat_code", account.email)
    return visit.page("chat_code.html", code=code)


async def end_chat(visit: Visit) -> Response:
    """End the link of one's own chat, or a code that waits."""
    chats, account = _chats(visit), visit.account
    if await chats.unlink(account.email):
        async with visit.desk.sessions.writing() as writing:
            await audit.note(writing, visit.desk.now(), account.email, "account.chat_end", account.email)
    return visit.to("/me", done="chat")


def _chats(visit: Visit) -> ChatLinks:
    if visit.desk.given.chats is None:
        raise HTTPException(404)
    return visit.desk.given.chats
