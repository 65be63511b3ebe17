"""One request as a page sees it: who, in which language, from which form, and how to answer.

A page gets a visit only after the guard has let it in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console import rendering
from console.accounts import Account
from console.desk import Desk
from console.policy import places_of
from console.sessions import BrowserSession
from content.wording import Wording, wording
from referrals.records import ServiceRecord

LANGUAGES = {"es": "Español", "pt": "Português", "en": "English"}
# Languages that people read and the console does not speak.
TRANSLATED = {"fr": "Français", "ht": "Kreyòl ayisyen"}
SESSION, FORM = "console", "console-form"


class Visit:
    """One request and everything a page needs to answer it."""

    def __init__(
        self,
        desk: Desk,
        request: Request,
        account: Account | None,
        session: BrowserSession | None,
        route: str = "",
    ) -> None:
        self.desk = desk
        self.request = request
        self._account = account
        self.session = session
        self.route = route  # the pattern of the address, which holds nothing that somebody wrote
        self.form: FormData = FormData()
        self.record: ServiceRecord | None = None
        self.form_key = ""
        self.new_form_key = False
        self.w: Wording = wording(self._language())

    @property
    def account(self) -> Account:
        """Who is here; only for routes that need somebody."""
        if self._account is None:
            raise LookupError("nobody is signed in")
        return self._account

    @property
    def somebody(self) -> Account | None:
        """Who is here, if anybody."""
        return self._account

    @property
    def signed_in(self) -> bool:
        """Whether both factors were given."""
        return self.session is not None and self.session.stage == "full"

    @property
    def service(self) -> ServiceRecord:
        """The service of the route; only for routes that reach one."""
        if self.record is None:
            raise LookupError("the route has no service")
        return self.record

    @property
    def places(self) -> frozenset[str]:
        """The places that may be read or written here."""
        return places_of(self.account, self.desk.every_place)

    @property
    def todays(self) -> dict[str, date]:
        """Those places, each with the day on its own clock."""
        return {place: self.today(place) for place in self.places}

    @property
    def reaches_everywhere(self) -> bool:
        """Whether every open place is among them."""
        return {place.code for place in self.desk.library.places.open} <= self.places

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The main pages of the role, with their names."""
        w, role = self.w, self.account.role
        pages = [("/services", w("Services")), ("/review", w("To review"))]
        if role in ("caseworker", "admin"):
            pages.append(("/imports", w("Import and export")))
        if role in ("coordinator", "admin"):
            pages += [("/reports", w("Figures")), ("/coverage", w("Coverage"))]
        pages.append(("/comparison", w("Places")))
        if role in ("coordinator", "admin") and self.reaches_everywhere:
            pages.append(("/sentences", w("Sentences")))
        if role == "admin":
            pages += [("/accounts", w("Accounts")), ("/sessions", w("Sessions"))]
        if role in ("coordinator", "admin"):
            pages.append(("/audit", w("Log")))
        return (*pages, ("/me", w("My account")))

    def _language(self) -> str:
        asked = self.request.query_params.get("language", "")
        if asked in LANGUAGES:
            return asked
        if self._account is not None:
            return self._account.language
        preferred = (
            part.strip()[:2].lower() for part in self.request.headers.get("accept-language", "").split(",")
        )
        return next((code for code in preferred if code in LANGUAGES), "es")

    def said(self, name: str) -> str:
        """A field of the form, without spaces around it."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def asked(self, name: str) -> str:
        """A parameter of the address."""
        # No database looks for a character that no text holds.
        return self.request.query_params.get(name, "").replace("\0", "").strip()[:200]

    def link(self, path: str, **query: object) -> str:
        """An address of the console."""
        known = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{self.request.scope.get('root_path', '')}{path}" + (f"?{urlencode(known)}" if known else "")

    def to(self, path: str, **query: object) -> Response:
        """Go on to another page after a form."""
        return RedirectResponse(self.link(path, **query), 303)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page."""
        return HTMLResponse(rendering.render(self, template, values), status)

    def today(self, place: str) -> date:
        """Today, on the clock of a place or of its country."""
        return self.moment(place).date()

    def moment(self, place: str) -> datetime:
        """This moment, on the clock of a place or of its country."""
        return self.desk.moment().astimezone(self.zone(place))

    def zone(self, place: str) -> ZoneInfo:
        """The time zone of a place or of the first place of a country."""
        places = self.desk.library.places.all
        found = next((p for p in places if place in (p.code, p.country)), None)
        return ZoneInfo(found.time_zone) if found else ZoneInfo("UTC")

    def clock(self) -> str:
        """The time of this moment with its seconds, on the clock of the reader's first place."""
        zone = self.zone(min(self.account.places, default=""))
        shown = f"{self.desk.moment().astimezone(zone):%H:%M:%S}"
        return shown if self.account.places else f"{shown} UTC"

    def when(self, at: int) -> str:
        """A moment in words, on the clock of the reader's first place."""
        zone = self.zone(min(self.account.places, default="")) if self._account else UTC
        moment = datetime.fromtimestamp(at, zone)
        return self.w("{day}, {time}", day=self.w.date(moment.date()), time=self.w.time(moment))
