"""For administrators: who has an account, with which role and for which places. Nobody takes away their own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import accounts, audit, sessions
from console.accounts import Account
from console.labels import ROLES, options
from console.policy import ADMINS, Page
from console.visit import Visit


class Invitation(NamedTuple):
    """What somebody who is invited is sent: where to go, and the code to type there."""

    address: str
    code: str


def routes() -> list[BaseRoute]:
    """The routes of accounts."""
    return [
        Page("/accounts", list_accounts, ADMINS),
        Page("/accounts", add_account, ADMINS, ["POST"]),
        Page("/accounts/{account_id:int}", account_page, ADMINS),
        Page("/accounts/{account_id:int}", change_account, ADMINS, ["POST"]),
        Page("/accounts/{account_id:int}/invitation", invite_again, ADMINS, ["POST"]),
        Page("/accounts/{account_id:int}/disabled", disable, ADMINS, ["POST"]),
    ]


async def list_accounts(visit: Visit) -> Response:
    """Every account, and the form for a new one."""
    return await _accounts(visit, {}, {})


async def _accounts(
    visit: Visit, typed: dict[str, object], errors: dict[str, str], invitation: Invitation | None = None
) -> Response:
    async with visit.desk.sessions.reading() as reading:
        every = await accounts.listed(reading)
    query = {name: visit.asked(name) for name in ("q", "with_role", "with_place", "state", "sort")}
    return visit.page(
        "accounts.html", 422 if errors else 200, listed=_wanted(every, query), query=query, typed=typed, errors=errors,
        roles=options(ROLES, visit.w), role_names=ROLES, places=_places(visit), invitation=invitation,
    )  # fmt: skip


def _wanted(every: list[Account], query: dict[str, str]) -> list[Account]:
    states: dict[str, Callable[[Account], bool]] = {
        "active": lambda one: one.has_second_factor and not one.disabled,
        "invited": lambda one: not one.has_second_factor and not one.disabled,
        "disabled": lambda one: one.disabled,
    }
    kept = [
        one
        for one in every
        if query["q"].lower() in one.email
        and query["with_role"] in ("", one.role)
        and (not query["with_place"] or one.role == "admin" or query["with_place"] in one.places)
        and (query["state"] not in states or states[query["state"]](one))
    ]
    return sorted(kept, key=lambda one: -one.created) if query["sort"] == "newest" else kept


def _places(visit: Visit) -> list[tuple[str, str]]:
    return [(code, visit.desk.place_name(code, visit.w)) for code in visit.desk.every_place]


def _chosen(visit: Visit) -> list[str]:
    return [str(code) for code in visit.form.getlist("places") if code in visit.desk.every_place]


def _complaints(visit: Visit, role: str, places: list[str]) -> dict[str, str]:
    errors = {}
    if role not in ROLES:
        errors["role"] = visit.w("Choose a role.")
    elif role != "admin" and not places:
        errors["places"] = visit.w("Choose one place at least.")
    return errors


async def add_account(visit: Visit) -> Response:
    """Invite somebody; the code is shown once."""
    email, role, places = visit.said("email").lower(), visit.said("role"), _chosen(visit)
    errors = _complaints(visit, role, places)
    if not accounts.is_email(email):
        errors["email"] = visit.w("{text} is not an e-mail address.", text=email)
    async with visit.desk.sessions.reading() as reading:
        if not errors and await accounts.by_email(reading, email) is not None:
            errors["email"] = visit.w("There is an account with this address already.")
    if errors:
        return await _accounts(visit, {"email": email, "role": role, "places[]": places}, errors)
    now = visit.desk.now()
    async with visit.desk.sessions.writing() as writing:
        account_id = await accounts.add(writing, email, role, places, visit.w.language, now)
        code = await accounts.invite(writing, account_id, now)
        detail = {"role": role, "places": places}
        await audit.note(writing, now, visit.account.email, "account.invite", email, detail=detail)
    return await _accounts(visit, {}, {}, _invitation(visit, code))


def _invitation(visit: Visit, code: str) -> Invitation:
    scheme = "https" if visit.desk.given.https else visit.request.url.scheme
    return Invitation(f"{scheme}://{visit.request.headers['host']}{visit.link('/invitation')}", code)


async def _theirs(visit: Visit) -> Account:
    number = visit.request.path_params["account_id"]
    async with visit.desk.sessions.reading() as reading:
        found = await accounts.by_id(reading, number) if number < 2**31 else None
    if found is None:
        raise HTTPException(404)
    return found


async def account_page(visit: Visit) -> Response:
    """One account."""
    return await _account(visit, await _theirs(visit), {})


async def _account(
    visit: Visit, account: Account, errors: dict[str, str], invitation: Invitation | None = None
) -> Response:
    return visit.page(
        "account.html", 422 if errors else 200, other=account, errors=errors, roles=options(ROLES, visit.w),
        places=_places(visit), invitation=invitation, done=visit.asked("done"),
    )  # fmt: skip


async def change_account(visit: Visit) -> Response:
    """Another role or other places; the sessions of the account end, so that it holds at once."""
    account, role, places = await _theirs(visit), visit.said("role"), _chosen(visit)
    errors = _complaints(visit, role, places)
    if account.id == visit.account.id and role != "admin":
        errors["role"] = visit.w("You cannot take your own role away. Ask another administrator.")
    if errors:
        return await _account(visit, account, errors)
    now = visit.desk.now()
    async with visit.desk.sessions.writing() as writing:
        await accounts.change(writing, account.id, role=role)
        await accounts.set_places(writing, account.id, places)
        if account.id != visit.account.id:
            await sessions.end_all(writing, account.id)
        detail = {"role": role, "places": places}
        await audit.note(writing, now, visit.account.email, "account.change", account.email, detail=detail)
    if chats := visit.desk.given.chats:
        await chats.change(account.email, places_of_role(visit, role, places), role)
    return visit.to(f"/accounts/{account.id}", done="saved")


async def invite_again(visit: Visit) -> Response:
    """A new code, for who has lost the password: the second factor is asked for as before. When the telephone is lost
    too, both end at once, so that neither an old password nor a found telephone leads in.
    """
    account, now, lost = await _theirs(visit), visit.desk.now(), visit.said("lost") == "telephone"
    async with visit.desk.sessions.writing() as writing:
        if lost:
            await accounts.forget_factors(writing, account.id)
            await sessions.end_all(writing, account.id)
        code = await accounts.invite(writing, account.id, now)
        detail = {"second_factor": "new" if lost else "kept"}
        await audit.note(writing, now, visit.account.email, "account.invite", account.email, detail=detail)
    return await _account(visit, account, {}, _invitation(visit, code))


async def disable(visit: Visit) -> Response:
    """Keep an account from signing in, end its sessions and the link of its chat; or let it in again."""
    account, now = await _theirs(visit), visit.desk.now()
    if account.id == visit.account.id:
        return await _account(visit, account, {"form": visit.w("You cannot disable your own account.")})
    async with visit.desk.sessions.writing() as writing:
        await accounts.change(writing, account.id, disabled=not account.disabled)
        await accounts.use_invitation(writing, account.id)
        await sessions.end_all(writing, account.id)
        action = "account.enable" if account.disabled else "account.disable"
        await audit.note(writing, now, visit.account.email, action, account.email)
    if chats := visit.desk.given.chats:
        await chats.unlink(account.email)
    return visit.to(f"/accounts/{account.id}", done="saved")


def places_of_role(visit: Visit, role: str, places: Collection[str]) -> Collection[str]:
    """The places of a link: administrators have all."""
    return visit.desk.every_place if role == "admin" else places
