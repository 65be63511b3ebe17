"""Signing in: password, second factor, invitation, leaving. The same words and time for whoever is not known."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import accounts, audit, guessing, passwords, second_factor, sessions
from console.accounts import Account
from console.desk import network_of
from console.guard import drop_cookie, set_cookie
from console.policy import ANYBODY, HALF_SIGNED_IN, Page
from console.tables import recovery_code
from console.visit import FORM, SESSION, Visit


def routes() -> list[BaseRoute]:
    """The routes of signing in."""
    return [
        Page("/sign-in", sign_in, ANYBODY),
        Page("/sign-in", check_password, ANYBODY, ["POST"]),
        Page("/invitation/{token}", invitation, ANYBODY),
        Page("/invitation/{token}", accept_invitation, ANYBODY, ["POST"]),
        Page("/second-factor", ask_second_factor, HALF_SIGNED_IN),
        Page("/second-factor", check_second_factor, HALF_SIGNED_IN, ["POST"]),
        Page("/second-factor/picture.png", picture, HALF_SIGNED_IN),
        Page("/sign-out", sign_out, HALF_SIGNED_IN, ["POST"]),
    ]


async def sign_in(visit: Visit) -> Response:
    """The form."""
    if visit.signed_in:
        return visit.to("/")
    return visit.page("sign_in.html", next=_inside(visit.asked("next")))


async def check_password(visit: Visit) -> Response:
    """The first factor."""
    email, now, desk = visit.said("email").lower(), visit.desk.now(), visit.desk
    counted = guessing.keys_of(desk.keys, email, network_of(visit.request))
    async with desk.sessions.reading() as reading:
        seconds = await guessing.wait(reading, counted, now)
        account = await accounts.by_email(reading, email) if accounts.is_email(email) else None
    if seconds:
        return _refuse(visit, visit.w.plural(
            "Too many attempts. Wait {count} second, then try again.",
            "Too many attempts. Wait {count} seconds, then try again.", seconds,
        ), 429)  # fmt: skip
    password = str(visit.form.get("password", ""))
    fits = await desk.passwords.fits(account.password_hash if account else None, password)
    if account is None or account.disabled or not fits:
        async with desk.sessions.writing() as writing:
            await guessing.failed(writing, counted, now)
            if account is not None:
                await audit.note(writing, now, account.email, "sign_in.refused", account.email)
        return _refuse(visit, visit.w("The e-mail address or the password is not right."), 401)
    async with desk.sessions.writing() as writing:
        await guessing.succeeded(writing, counted)
        if account.password_hash and desk.passwords.outdated(account.password_hash):
            await accounts.change(writing, account.id, password_hash=await desk.passwords.hash(password))
    return await _begin(
        visit, account, "half", visit.link("/second-factor", next=_inside(visit.said("next")))
    )


def _refuse(visit: Visit, sentence: str, status: int) -> Response:
    typed = {"email": visit.said("email")}
    return visit.page(
        "sign_in.html", status, errors={"form": sentence}, typed=typed, next=_inside(visit.said("next"))
    )


def _inside(path: str) -> str:
    """A path of the console to go on to; nothing that leads elsewhere."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and ":" not in path
    return path if plain and path.isprintable() else ""


async def _begin(visit: Visit, account: Account, stage: str, target: str) -> Response:
    """A new session in the place of the old one."""
    async with visit.desk.sessions.writing() as writing:
        if visit.session is not None:
            await sessions.end(writing, visit.session.digest)
        browser = visit.request.headers.get("user-agent", "")
        token = await sessions.start(writing, account.id, stage, browser, visit.desk.now())
        if stage == "full":
            await audit.note(writing, visit.desk.now(), account.email, "sign_in", account.email)
    response = visit.to("")
    response.headers["location"] = target
    set_cookie(visit, response, SESSION, token)
    drop_cookie(visit, response, FORM)
    visit.new_form_key = False
    return response


async def invitation(visit: Visit) -> Response:
    """The form to choose a password; looking at it does not use the link up."""
    return await _invitation(visit, None)


async def _invitation(visit: Visit, error: str | None) -> Response:
    token = visit.request.path_params["token"]
    async with visit.desk.sessions.reading() as reading:
        account = await accounts.invited(reading, token, visit.desk.now())
    if account is None:
        return visit.page("invitation_over.html", 404)
    errors = {"password": error} if error else {}
    return visit.page("invitation.html", 422 if error else 200, invited=account, errors=errors)


async def accept_invitation(visit: Visit) -> Response:
    """The password is chosen: the link is used up, other sessions and the old second factor end."""
    token, now, desk = visit.request.path_params["token"], visit.desk.now(), visit.desk
    password = str(visit.form.get("password", ""))
    async with desk.sessions.reading() as reading:
        account = await accounts.invited(reading, token, now)
    if account is None:
        return visit.page("invitation_over.html", 404)
    error = await passwords.complaint(password, account.email)
    if error is None and password != str(visit.form.get("again", "")):
        error = "The two passwords are not the same."
    if error is not None:
        return await _invitation(visit, visit.w(error))
    hashed = await desk.passwords.hash(password)
    async with desk.sessions.writing() as writing:
        if await accounts.invited(writing, token, now) is None:
            return visit.page("invitation_over.html", 404)
        await accounts.use_invitation(writing, account.id)
        await sessions.end_all(writing, account.id)
        values = {"password_hash": hashed, "language": visit.w.language}
        await accounts.change(writing, account.id, **values, totp_secret=None, totp_confirmed=False)
        await audit.note(writing, now, account.email, "account.password", account.email)
    return await _begin(visit, account, "half", visit.link("/second-factor"))


async def ask_second_factor(visit: Visit) -> Response:
    """The code, or the picture to scan when there is no second factor yet."""
    if visit.signed_in:
        return visit.to("/")
    return await _second_factor(visit, None)


async def _second_factor(visit: Visit, error: str | None, refusal: int = 422) -> Response:
    status, errors = (refusal, {"code": error}) if error else (200, {})
    following = _inside(visit.said("next") or visit.asked("next"))
    if visit.account.has_second_factor:
        return visit.page("second_factor.html", status, errors=errors, next=following)
    secret = await _secret(visit)
    return visit.page("second_factor_new.html", status, errors=errors, secret=" ".join(_fours(secret)))


def _fours(secret: str) -> list[str]:
    return [secret[at : at + 4] for at in range(0, len(secret), 4)]


async def _secret(visit: Visit) -> str:
    account, keys = visit.account, visit.desk.keys
    secret = keys.show(account.totp_secret) if account.totp_secret else None
    if secret is None:
        async with visit.desk.sessions.writing() as writing:
            secret = await second_factor.new_secret(writing, keys, account)
    return secret


async def picture(visit: Visit) -> Response:
    """The secret as a picture, while it is not confirmed."""
    if visit.account.has_second_factor:
        return Response(status_code=404)
    return Response(second_factor.picture(await _secret(visit), visit.account.email), media_type="image/png")


async def check_second_factor(visit: Visit) -> Response:
    """The second factor: then the session is whole. The first time, recovery codes are shown."""
    account, desk, now = visit.account, visit.desk, visit.desk.now()
    if visit.signed_in:
        return visit.to("/")
    counted = guessing.keys_of(desk.keys, f"second {account.id}", network_of(visit.request))
    async with desk.sessions.reading() as reading:
        seconds = await guessing.wait(reading, counted, now)
    if seconds:
        return await _second_factor(visit, visit.w.plural(
            "Too many attempts. Wait {count} second, then try again.",
            "Too many attempts. Wait {count} seconds, then try again.", seconds,
        ), 429)  # fmt: skip
    if not await _right_code(visit, visit.said("code")):
        async with desk.sessions.writing() as writing:
            await guessing.failed(writing, counted, now)
        return await _second_factor(
            visit, visit.w("The code is not right. Wait for the next one and try again.")
        )
    async with desk.sessions.writing() as writing:
        await guessing.succeeded(writing, counted)
    if account.has_second_factor:
        return await _begin(visit, account, "full", visit.link(_inside(visit.said("next")) or "/"))
    async with desk.sessions.writing() as writing:
        await accounts.change(writing, account.id, totp_confirmed=True)
        await audit.note(writing, now, account.email, "account.second_factor", account.email)
    return await _begin(visit, account, "full", visit.link("/me/recovery-codes"))


async def _right_code(visit: Visit, code: str) -> bool:
    account, desk = visit.account, visit.desk
    secret = desk.keys.show(account.totp_secret) if account.totp_secret else None
    async with desk.sessions.writing() as writing:
        fresh = await accounts.by_id(writing, account.id)
        last = fresh.totp_last_step if fresh else 0
        step = second_factor.step_of(secret, code, desk.now(), last) if secret else None
        if step is not None:
            await accounts.change(writing, account.id, totp_last_step=step)
            return True
        if account.has_second_factor and await second_factor.use_code(writing, desk.keys, account.id, code):
            left = select(recovery_code.c.digest).where(recovery_code.c.account_id == account.id)
            count = len((await writing.execute(left)).all())
            await audit.note(
                writing, desk.now(), account.email, "account.recovery_code", detail={"left": count}
            )
            return True
    return False


async def sign_out(visit: Visit) -> Response:
    """End this session."""
    async with visit.desk.sessions.writing() as writing:
        if visit.session is not None:
            await sessions.end(writing, visit.session.digest)
    response = visit.to("/sign-in")
    drop_cookie(visit, response, SESSION)
    return response
