"""What stands before every page: session, role, place and where a form came from. Denies by default."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import accounts, records, sessions
from console.desk import Desk
from console.keeping import over_page, slow_page, stale_page
from console.keys import new_token
from console.networks import in_the_clear
from console.policy import Handler, Policy, Reach, Stage
from console.refusals import foreign
from console.visit import FORM, LANGUAGES, SESSION, Visit
from content.wording import N_, Wording, wording

# A form of many texts is below this; files have a limit of their own.
_MOST_FIELDS = 2000
MOST_FILE_BYTES = 30_000_000
_PART = 1_000_000
IN_THE_CLEAR = N_(
    "This console is reached by https alone, so that nobody on the way can read along. Write https:// before the address."
    " If it stands there already, tell who runs this installation: the proxy has to say that people came by https."
)


async def guard(request: Request, policy: Policy, handler: Handler, route: str) -> Response:
    """Run a page if its policy lets this request in; otherwise say so, or ask to sign in."""
    visit = await _visit(request, route)
    request.state.visit = visit
    refused = await _refused(visit, policy)
    if refused is not None:
        return refused
    seconds = visit.desk.slowing.wait(visit) if policy.paced else 0
    if not seconds:
        await _find_place(visit, policy)
    try:
        response = await _answer(visit, handler, seconds)
    finally:
        await request.close()
    if visit.new_form_key:
        set_cookie(visit, response, FORM, visit.form_key)
    return response


async def _answer(visit: Visit, handler: Handler, seconds: int) -> Response:
    if visit.request.method not in ("GET", "HEAD"):
        await _read_form(visit)
        token = visit.form.get("form_token", "")
        if not isinstance(token, str) or not visit.desk.keys.same("form", visit.form_key, token):
            await visit.desk.refusals.note(visit, "form")
            return stale_page(visit)
    return await (slow_page(visit, seconds) if seconds else handler(visit))


async def _visit(request: Request, route: str) -> Visit:
    desk: Desk = request.app.state.desk
    token, now = request.cookies.get(desk.cookie(SESSION), ""), desk.now()
    account = session = None
    if token:
        async with desk.sessions.reading() as reading:
            session = await sessions.find(reading, token, now)
            account = await accounts.by_id(reading, session.account_id) if session else None
        if account is None or account.disabled:
            account = session = None
        elif session and sessions.is_due(session, now):
            async with desk.sessions.writing() as writing:
                await sessions.notice(writing, session.digest, now)
    visit = Visit(desk, request, account, session, route)
    _set_form_key(visit)
    return visit


def _set_form_key(visit: Visit) -> None:
    """Forms of a session are tied to it; before there is one, to a cookie of their own."""
    if visit.session is not None:
        visit.form_key = visit.session.digest
        return
    there = visit.request.cookies.get(visit.desk.cookie(FORM), "")
    visit.form_key = there or new_token()
    visit.new_form_key = not there


async def _refused(visit: Visit, policy: Policy) -> Response | None:
    if visit.desk.given.https and in_the_clear(visit.request):
        return visit.page("refusal.html", 403, sentence=visit.w(IN_THE_CLEAR))
    if policy.stage is Stage.ANYBODY:
        return None
    if visit.somebody is None or visit.session is None:
        if visit.request.method == "POST" and _is_short(visit.request):
            await _read_form(visit)
            return over_page(visit)
        return visit.to("/sign-in", next=_next(visit.request))
    if policy.stage is Stage.FULL and not visit.signed_in:
        return visit.to("/second-factor")
    if not policy.allows(visit.account.role):
        await visit.desk.refusals.note(visit, "role")
        raise HTTPException(403)
    if policy.reach is Reach.EVERYWHERE and not visit.reaches_everywhere:
        raise HTTPException(403)
    return None


def _is_short(request: Request) -> bool:
    """Whether a form is no longer than what is read of somebody who is not signed in."""
    length = request.headers.get("content-length", "")
    return length.isdigit() and int(length) <= _PART


def _next(request: Request) -> str:
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return path if request.method == "GET" and path not in ("/", "") else ""


async def _find_place(visit: Visit, policy: Policy) -> None:
    params = visit.request.path_params
    if policy.reach is Reach.PLACE and params["place"] not in visit.places:
        raise await foreign(visit)
    if policy.reach in (Reach.SERVICE, Reach.CHANGE):
        async with visit.desk.sessions.reading() as reading:
            service_id = params.get("service_id", "")
            if policy.reach is Reach.CHANGE:
                service_id = await records.service_of_change(reading, params["change_id"], visit.places)
            visit.record = await records.one(reading, service_id, visit.places) if service_id else None
        if visit.record is None:
            raise await foreign(visit)


async def _read_form(visit: Visit) -> None:
    if not _from_here(visit.request):
        await visit.desk.refusals.note(visit, "origin")
        raise HTTPException(403)
    # A body without a length could grow without end.
    length = visit.request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_FILE_BYTES:
        raise HTTPException(413)
    visit.form = await visit.request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_PART)
    visit.w = visit.w if visit.somebody else _chosen_language(visit, visit.form)


def _chosen_language(visit: Visit, form: FormData) -> Wording:
    chosen = str(form.get("language", ""))
    return wording(chosen) if chosen in LANGUAGES else visit.w


def _from_here(request: Request) -> bool:
    """What the browser says of the page that sent a form; a browser that says nothing is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def set_cookie(visit: Visit, response: Response, name: str, value: str) -> None:
    """A cookie that no script, no other site and, over https, no other host can read or set."""
    https = visit.desk.given.https
    path = "/" if https else (visit.request.scope.get("root_path", "") or "/")
    response.set_cookie(
        visit.desk.cookie(name), value, path=path, secure=https, httponly=True, samesite="strict"
    )


def drop_cookie(visit: Visit, response: Response, name: str) -> None:
    """Take a cookie away."""
    https = visit.desk.given.https
    path = "/" if https else (visit.request.scope.get("root_path", "") or "/")
    response.delete_cookie(visit.desk.cookie(name), path=path, secure=https, httponly=True, samesite="strict")
