"""A console with four places' services in it, a clock that is moved by hand, and people who sign in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pyotp
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.linked import Links
from bot.turn.doors_text import door_text
from console import accounts
from console.app import console_app
from console.desk import ConsoleDependencies
from console.pace import PER_ACCOUNT, PER_SESSION, Allowance
from console.passwords import Passwords
from content.library import Library
from referrals.database import Sessions
from referrals.directory import DatabaseSource, Directory
from referrals.records import ServiceRecord
from referrals.writing import Mark, store

HOST = "http://127.0.0.1:8080"
PASSWORD = "correct horse battery staple"
MORNING = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: int) -> None:
        """Move on."""
        self.moment += timedelta(**by)


@dataclass
class Rig:
    """The application and what a test needs to look behind it."""

    app: Starlette
    sessions: Sessions
    clock: Clock
    library: Library
    url: str = ""
    links: Links | None = None
    https: bool = False

    def browser(
        self, language: str = "es", network: str = "203.0.113.7", **headers: str
    ) -> httpx.AsyncClient:
        """A client that behaves as a browser does."""
        sent = {"sec-fetch-site": "same-origin", "accept-language": language, **headers}
        transport = httpx.ASGITransport(self.app, client=(network, 4711), raise_app_exceptions=False)
        host = HOST.replace("http:", "https:") if self.https else HOST
        return httpx.AsyncClient(base_url=host, transport=transport, headers=sent)

    async def invite(self, email: str, role: str, places: Iterable[str] = ()) -> str:
        """The code of an invitation."""
        now = int(self.clock().timestamp())
        async with self.sessions.writing() as session:
            account_id = await accounts.add(session, email, role, places, "es", now)
            return await accounts.invite(session, account_id, now)

    async def person(
        self, email: str, role: str, places: Iterable[str] = (), language: str = "es"
    ) -> tuple[httpx.AsyncClient, str]:
        """Somebody signed in with both factors, and the secret of the second."""
        client = self.browser(language)
        await accept(client, await self.invite(email, role, places))
        page = await client.get("/console/second-factor")
        secret = secret_on(page.text)
        code = pyotp.TOTP(secret).at(self.clock())
        answer = await submit(client, "/console/second-factor", {"code": code})
        assert answer.status_code == 303, answer.text
        return client, secret


async def accept(
    client: httpx.AsyncClient, code: str, password: str = PASSWORD, again: str | None = None
) -> httpx.Response:
    """Choose a password with the code of an invitation."""
    chosen = {"password": password, "again": password if again is None else again}
    return await submit(client, "/console/invitation", {"code": code, **chosen})


def code_on(text: str) -> str:
    """The code of the invitation that a page or a command shows."""
    found = re.search(r"[a-z2-9]{7}(?:-[a-z2-9]{7}){3}", text)
    assert found, text
    return found[0]


def secret_on(text: str) -> str:
    """The secret on the page that shows it."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', text)
    assert found, text
    return found[1].replace(" ", "")


def fields_of(text: str, action: str = "") -> dict[str, str]:
    """What a browser would send of the form of an action, untouched."""
    forms = re.findall(r"<form[^>]*>.*?</form>", text, re.S)
    found = [form for form in forms if 'method="post"' in form.split(">", 1)[0]]
    mine = [form for form in found if f'action="{action}"' in form.split(">", 1)[0]] if action else []
    form = (mine or [one for one in found if "action=" not in one.split(">", 1)[0]] or found)[0]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if "name" not in named:
            continue
        if named.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        sent[named["name"]] = unescape(named.get("value", ""))
    for name, body in re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = unescape(body)
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent


async def submit(
    client: httpx.AsyncClient, path: str, values: dict[str, str], page: str = ""
) -> httpx.Response:
    """Load the page of a form, change some of its fields and send it."""
    shown = await client.get(page or path)
    return await client.post(path, data={**fields_of(shown.text, path), **values})


def record(code: str, place: str, **values: object) -> ServiceRecord:
    """A small service."""
    return ServiceRecord.model_validate({
        "id": code, "name": f"Casa {code}", "organization": {"name": f"Fundación {code}", "kind": "ngo"},
        "place": place, "needs": ["documents.id_card"], "phones": ["+593 2 299 3200"] if place == "quito" else [],
        "opening_hours": "Mo-Fr 08:00-12:00,13:00-17:00; PH off", "source": {"title": "hoja"},
        "assured_date": "2025-01", "confidence": "medium", **values,
    })  # fmt: skip


PLACES = ("quito", "pichincha", "sao-paulo", "san-luis", "ecuador")


async def built(
    sessions: Sessions,
    library: Library,
    demand_url: str | None = None,
    https: bool = False,
    clock: Any = None,
    pace: Allowance | None = None,
    secret: bytes = b"k" * 32,
    earlier: tuple[bytes, ...] = (),
) -> Rig:
    """A console over a directory with one service in each place."""
    clock = clock or Clock()
    async with sessions.writing() as session:
        await store(session, [(record(f"svc-{place}", place), Mark("seed")) for place in PLACES])
    directory = Directory(DatabaseSource(sessions), library.places, clock)
    links = Links(sessions, secret, clock, earlier=earlier)
    given = ConsoleDependencies(
        sessions=sessions, library=lambda: library, directory=directory, clock=clock, secret=secret,
        say_door=door_text, demand_url=demand_url, https=https,
        passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)), chats=links,
        per_session=pace or PER_SESSION, per_account=pace or PER_ACCOUNT,
        earlier_secrets=earlier,
    )  # fmt: skip
    return Rig(
        Starlette(routes=[Mount("/console", console_app(given))]),
        sessions,
        clock,
        library,
        links=links,
        https=https,
    )
