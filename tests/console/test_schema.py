"""Schemathesis on every route, as each role and as nobody: whatever is sent, the answer is one that the document names.

The OpenAPI document is built here, from the route table and from the forms that the role's pages show: it knows every
address and every field that there is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from starlette.routing import Route

from console import accounts, sessions
from console.app import all_routes
from console.keys import Keys, token_digest
from console.migrations import upgrade
from console.pace import Allowance
from referrals.database import Sessions, connect
from referrals.migrations import upgrade as upgrade_directory
from tests.console.served import apart, serving
from tests.console.test_policies import path_of

ROLES = ("nobody", "caseworker", "coordinator", "admin")
# What each page may answer; anything else, above all a 5xx, is a fault.
STATUSES = ("200", "303", "307", "401", "403", "404", "405", "413", "422", "429")
# These would end the session that sends them.
ENDING = {"/sign-out", "/sessions"}
SECONDS = 12
FAST = Allowance(1_000_000, 1_000.0)
KNOWN = {"service_id": "svc-quito", "place": "quito", "form": "hours", "form_id": "csv"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A served console without a limit of speed, and its database."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('schema')}/directory.sqlite3"
    upgrade_directory(url)
    upgrade(url)
    with serving(url, None, FAST) as address:
        yield address, url


def signed_in(url: str, role: str) -> str:
    """The token of a session of somebody with both factors given; none for nobody."""
    if role == "nobody":
        return ""

    async def make() -> str:
        made = Sessions(connect(url))
        async with made.writing() as session:
            now = int(time.time())
            number = await accounts.add(session, f"{role}@example.org", role, ["quito"], "es", now)
            token = await sessions.start(session, number, "full", "", now)
        await made.close()
        return token

    return apart(make)


def forms_on(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The address and the fields of each form of a page that changes something, as JSON schemas."""
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S):
        action = re.search(r'action="/console([^"]*)"', form.split(">", 1)[0])
        fields: dict[str, Any] = {}
        for name, body in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', form, re.S):
            fields[name] = re.findall(r'value="([^"]*)"', body)
        for tag in re.findall(r"<(?:input|textarea|button)[^>]*>", form):
            named = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
            if named.get("type") != "file" and named.get("name"):
                fields.setdefault(named["name"], []).append(unescape(named.get("value", "")))
        yield (action[1] if action else ""), {name: texts(known) for name, known in fields.items()}


def texts(known: list[str]) -> dict[str, Any]:
    """A field holds what its form offers, or anything at all."""
    offered = sorted({one for one in known if one})
    return {"anyOf": [*([{"enum": offered}] if offered else []), {"type": "string", "maxLength": 300}]}


def document(address: str, token: str) -> dict[str, Any]:
    """The OpenAPI document of what the bearer of a session can look at and send."""
    fields: dict[str, dict[str, Any]] = {}
    for path, found in seen_forms(address, token):
        fields.setdefault(path, {}).update(found)
    paths: dict[str, Any] = {}
    for route in all_routes():
        if not isinstance(route, Route) or route.path in ENDING:
            continue
        path = re.sub(r":int}", "}", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(path, {})[method.lower()] = operation(path, method, fields.get(path, {}))
    return {"openapi": "3.1.0", "info": {"title": "console", "version": "1"}, "paths": paths}


def seen_forms(address: str, token: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The forms of every page by the pattern of the route that they go to."""
    routes = [route for route in all_routes() if isinstance(route, Route)]
    with httpx.Client(cookies={"console": token}, timeout=60) as client:
        for route in routes:
            if "GET" not in (route.methods or ()):
                continue
            at = path_of(route, "quito", 1).removeprefix("/console")
            for action, fields in forms_on(client.get(address + at).text):
                to = (action or at).split("?")[0]
                found = (one for one in routes if "POST" in (one.methods or ()) and one.path_regex.match(to))
                yield from ((re.sub(r":int}", "}", one.path), fields) for one in found)


def operation(path: str, method: str, fields: dict[str, Any]) -> dict[str, Any]:
    """One address and method: its parts, what may be asked of it, its fields, and what it may answer."""
    parts = [
        {"name": name, "in": "path", "required": True, "schema": part(name)}
        for name in re.findall(r"{(\w+)}", path)
    ]
    asked = [
        {"name": name, "in": "query", "schema": {"type": "string", "maxLength": 60}}
        for name in ("q", "place", "sort", "state", "page", "after", "action", "who", "language", "next")
    ]
    made: dict[str, Any] = {
        "parameters": [*parts, *(asked if method == "GET" else [])],
        "responses": {status: {"description": "an answer"} for status in STATUSES},
    }
    if method == "POST":
        kind = {
            "schema": {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
        }
        made["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": kind}}
    return made


def part(name: str) -> dict[str, Any]:
    """A part of an address: what is there, or anything."""
    if name in ("account_id", "change_id", "number"):
        return {"type": "integer", "minimum": 0, "maximum": 10**12}
    known = [{"enum": [KNOWN[name]]}] if name in KNOWN else []
    return {"anyOf": [*known, {"type": "string", "minLength": 1, "maxLength": 60}]}


@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_a_page_whoever_sends_it(house: tuple[str, str], role: str) -> None:
    """No 5xx, no status that the document does not name; in a fifth of a minute for each role."""
    address, url = house
    token = signed_in(url, role)
    schema = schemathesis.openapi.from_dict(document(address, token))
    form_token = Keys(b"k" * 32).digest("form", token_digest(token) if token else "cookie")
    cookies = {"console": token, "console-form": "cookie"}
    ends, tried = time.monotonic() + SECONDS, set()
    operations = [one.ok() for one in schema.get_all_operations()]
    while time.monotonic() < ends or len(tried) < len(operations):
        for one in operations:
            if time.monotonic() < ends or one.label not in tried:
                attack(one, address, cookies, form_token)
                tried.add(one.label)
    assert len(tried) == len(operations) > 40


def attack(one: Any, address: str, cookies: dict[str, str], form_token: str) -> None:
    """A handful of requests of one operation."""

    @settings(max_examples=4, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=one.as_strategy())
    def send(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body["form_token"] = form_token
        headers = {"sec-fetch-site": "same-origin"}
        answer = case.call(base_url=address, headers=headers, cookies=cookies, allow_redirects=False)
        checks = [not_a_server_error, status_code_conformance, content_type_conformance]
        case.validate_response(answer, checks=checks)

    send()
