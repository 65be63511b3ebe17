"""Signing in: password, second factor, invitation, leaving. The same words and time for whoever is not known."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import accounts, audit, passwords, second_factor, sessions
from console.accounts import Account
from console.guard import drop_cookie, set_cookie
from console.policy import ANYBODY, HALF_SIGNED_IN, LEAVING, Page
from console.proving import code_complaint, guessed, too_many
from console.visit import FORM, SESSION, Visit


def routes() -> list[BaseRoute]:
    """The routes of signing in."""
    return [
        Page("/sign-in", sign_in, ANYBODY),
        Page("/sign-in", check_password, ANYBODY, ["POST"]),
        Page("/invitation", invitation, ANYBODY),
        Page("/invitation", accept_invitation, ANYBODY, ["POST"]),
        Page("/second-factor", ask_second_factor, HALF_SIGNED_IN),
        Page("/second-factor", check_second_factor, HALF_SIGNED_IN, ["POST"]),
        Page("/second-factor/picture.png", picture, HALF_SIGNED_IN),
        Page("/sign-out", sign_out, LEAVING, ["POST"]),
    ]


async def sign_in(visit: Visit) -> Response:
    """The form."""
    if visit.signed_in:
        return visit.to("/")
    return visit.page("sign_in.html", next=_inside(visit.asked("next")))


async def check_password(visit: Visit) -> Response:
    """The first factor."""
    email, desk = visit.said("email").lower(), visit.desk
    password = str(visit.form.get("password", ""))
    async with desk.sessions.reading() as reading:
        account = await accounts.by_email(reading, email) if accounts.is_email(email) else None

    async def fits() -> bool:
        right = await desk.passwords.fits(account.password_hash if account else None, password)
        return right and account is not None and not account.disabled

    right, seconds = await guessed(visit, email, "sign_in", account, fits)
    if seconds:
        return _refuse(visit, too_many(visit, seconds), 429)
    if not right or account is None:
        return _refuse(visit, visit.w("The e-mail address or the password is not right."), 401)
    if account.password_hash and desk.passwords.outdated(account.password_hash):
        hashed = await desk.passwords.hash(password)
        async with desk.sessions.writing() as writing:
            await accounts.change(writing, account.id, password_hash=hashed)
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
        action = "sign_in" if stage == "full" else "sign_in.password"
        await audit.note(writing, visit.desk.now(), account.email, action, account.email)
    response = visit.to("")
    response.headers["location"] = target
    set_cookie(visit, response, SESSION, token)
    drop_cookie(visit, response, FORM)
    visit.new_form_key = False
    return response


async def invitation(visit: Visit) -> Response:
    """The form for the code. It is sent in a form and never stands in an address: addresses are kept in many logs."""
    return visit.page("invitation_code.html", typed={})


async def accept_invitation(visit: Visit) -> Response:
    """The code, and then the password with it: the invitation is used up and other sessions end. A second factor that
    there is, is asked for.
    """
    code, now, desk = visit.said("code"), visit.desk.now(), visit.desk
    async with desk.sessions.reading() as reading:
        account = await accounts.invited(reading, code, now)
    if account is None:
        await desk.refusals.note(visit, "invitation")
        return _no_invitation(visit, code)
    if "password" not in visit.form:
        return visit.page("invitation.html", invited=account, code=code)
    password = str(visit.form["password"])
    error = await passwords.complaint(password, account.email)
    if error is None and password != str(visit.form.get("again", "")):
        error = "The two passwords are not the same."
    if error is not None:
        errors = {"password": visit.w(error)}
        return visit.page("invitation.html", 422, invited=account, code=code, errors=errors)
    hashed = await desk.passwords.hash(password)
    async with desk.sessions.writing() as writing:
        if await accounts.invited(writing, code, now) is None:
            return _no_invitation(visit, code)
        await accounts.use_invitation(writing, account.id)
        await sessions.end_all(writing, account.id)
        values = {"password_hash": hashed, "language": visit.w.language}
        await accounts.change(writing, account.id, **values)
        await audit.note(writing, now, account.email, "account.password", account.email)
    return await _begin(visit, account, "half", visit.link("/second-factor"))


def _no_invitation(visit: Visit, code: str) -> Response:
    sentence = visit.w(
        "This code is not good. A code is good once, for four days. Look whether you typed all of it, or ask who"
        " administers this installation for a new one."
    )
    return visit.page("invitation_code.html", 422, errors={"code": sentence}, typed={"code": code})


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
    secret = second_factor.secret_of(keys, account)
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
    complaint, status = await code_complaint(visit)
    if complaint:
        return await _second_factor(visit, complaint, status)
    if account.has_second_factor:
        return await _begin(visit, account, "full", visit.link(_inside(visit.said("next")) or "/"))
    async with desk.sessions.writing() as writing:
        await accounts.change(writing, account.id, totp_confirmed=True)
        await audit.note(writing, now, account.email, "account.second_factor", account.email)
    return await _begin(visit, account, "full", visit.link("/me/recovery-codes"))


async def sign_out(visit: Visit) -> Response:
    """End this session."""
    async with visit.desk.sessions.writing() as writing:
        if visit.session is not None:
            await sessions.end(writing, visit.session.digest)
            await audit.note(writing, visit.desk.now(), visit.account.email, "sign_out", visit.account.email)
    response = visit.to("/sign-in")
    drop_cookie(visit, response, SESSION)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
