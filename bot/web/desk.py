"""The desk's page: type or scan the code of a referral slip, see what it is for, mark what came of it.

No account, no script, no cookie. It shows a need, a service, a place and a day; there is no person to show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.web.guarding import guards
from bot.web.slowing import Slowing
from console.networks import network_behind
from content.library import Library
from content.wording import Wording, wording
from referrals.directory import Directory
from referrals.slip_codes import plain, shown
from referrals.slip_words import status_in_words, why_in_words
from referrals.slips import ELSEWHERE, WHY, Slip, Slips

ROOM = Path(__file__).resolve().parent
LANGUAGES = {"es": "Español", "pt": "Português", "en": "English"}


class Desk:
    """The page and its form."""

    def __init__(
        self,
        slips: Slips,
        directory: Directory,
        library: Callable[[], Library],
        clock: Callable[[], datetime],
        slowing: Slowing | None = None,
    ) -> None:
        self._slips = slips
        self._directory = directory
        self._library = library
        self._clock = clock
        self._slowing = slowing or Slowing(clock)
        self._templates = Environment(loader=FileSystemLoader(ROOM / "templates"), autoescape=True)

    def routes(self) -> list[Route]:
        """To be mounted by whoever serves HTTP."""
        return [
            Route("/desk", self.page, methods=["GET"], middleware=guards()),
            Route("/desk", self.mark, methods=["POST"], middleware=guards()),
        ]

    async def page(self, request: Request) -> Response:
        """The empty form, or with `?code=` (the square code leads here) the slip."""
        return await self._look_up(request, request.query_params.get("code", "")[:60])

    async def mark(self, request: Request) -> Response:
        """Look a code up, or mark it."""
        try:
            form = await request.form(max_files=0, max_fields=6)
        except ClientDisconnect:
            return Response("This message is too long.", 413)
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        code, mark = given.get("code", "")[:60], given.get("mark", "")
        if not mark:
            return await self._look_up(request, code)
        return await self._mark(request, code, mark, given)

    async def _mark(self, request: Request, code: str, mark: str, given: dict[str, str]) -> Response:
        if refusal := self._slowed(request, code):
            return refusal
        why = given.get("why") or None if mark == "refused" else None
        sent_to = given.get("sent_to") or None if mark == "sent_on" else None
        try:
            slip = await self._slips.mark(code, mark, self._clock(), why=why, sent_to=sent_to)
        except ValueError:
            return await self._look_up(request, code, incomplete=True)
        if slip is None:
            return await self._look_up(request, code)
        return await self._show(request, code, slip, done=True)

    async def _look_up(self, request: Request, code: str, *, incomplete: bool = False) -> Response:
        w = self._words(request)
        if not code.strip():
            return self._render(w)
        if plain(code) is None:
            problem = w("This is not a whole code, or one of its letters is wrong. Please look at it again.")
            return self._render(w, code=code, problem=problem, status=400)
        if refusal := self._slowed(request, code):
            return refusal
        slip = await self._slips.find(code, self._clock())
        if slip is None:
            self._slowing.failed(network_behind(request))
            return self._render(w, code=code, problem=w("We do not know this code."), status=404)
        return await self._show(request, code, slip, incomplete=incomplete)

    def _slowed(self, request: Request, code: str) -> Response | None:
        seconds = self._slowing.wait(network_behind(request))
        if not seconds:
            return None
        w = self._words(request)
        problem = w("Too many wrong codes. Please try again in {seconds} seconds.", seconds=str(seconds))
        response = self._render(w, code=code, problem=problem, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    async def _show(
        self, request: Request, code: str, slip: Slip, *, done: bool = False, incomplete: bool = False
    ) -> Response:
        w = self._words(request)
        library = self._library()
        sent_to = await self._directory.service(slip.sent_to, w.language) if slip.sent_to else None
        need = library.taxonomy.needs.get(slip.need)
        facts = [
            (w("Place"), slip.service),
            (w("What for"), need.title(w.language) if need else slip.need),
            (w("City"), library.places.place(slip.place).name(w.language)),
            (w("Given out on"), w.date(slip.issued)),
        ]
        problem = w("Please choose the reason, or the place the person was sent on to.") if incomplete else ""
        return self._render(
            w, code=shown(plain(code) or ""), slip=slip, facts=facts, done=done, problem=problem,
            said=status_in_words(slip, w, sent_to.name if sent_to else None),
            reasons=[(why, why_in_words(why, w)) for why in WHY], others=self._others(slip),
            status=400 if incomplete else 200,
        )  # fmt: skip

    def _others(self, slip: Slip) -> Sequence[tuple[str, str]]:
        """Where the person can be sent on to: what attends the same need in the same place."""
        found = self._directory.snapshot.by_place_and_need.get((slip.place, slip.need), ())
        named = ((entry.id, entry.record.name) for entry in found if entry.id != slip.service_id)
        return sorted(named, key=lambda pair: pair[1])

    def _render(self, w: Wording, *, status: int = 200, **values: object) -> Response:
        text = self._templates.get_template("desk.html").render(
            w=w, language=w.language, languages=LANGUAGES, elsewhere=ELSEWHERE, **values
        )
        return HTMLResponse(text, status)

    def _words(self, request: Request) -> Wording:
        asked = request.query_params.get("lang", "")
        wanted = (
            part.split(";")[0].strip()[:2].lower()
            for part in request.headers.get("accept-language", "").split(",")
        )
        known = (code for code in (asked, *wanted) if code in LANGUAGES)
        return wording(next(known, "es"))
