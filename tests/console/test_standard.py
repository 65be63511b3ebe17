"""What the security standard asks of every answer and of the code itself: headers, methods, types, no way to run input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from console import commands
from console.app import all_routes
from console.policy import Page
from tests.console.rig import PASSWORD, PLACES, Rig, built, record, submit
from tests.console.test_policies import path_of

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "console", "content", "demand", "nlu", "referrals")
# Running input, reading objects out of bytes, calling a shell, or old digests: nothing of ours may.
FORBIDDEN_CALLS = {"eval", "exec", "compile", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads",
                   "hashlib.md5", "hashlib.sha1", "random.choice", "random.randint", "random.random"}  # fmt: skip
FORBIDDEN_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "telnetlib",
    "ldap",
    "smtplib",
    "xml.etree.ElementTree",
    "lxml",
}


def sources() -> Iterator[tuple[Path, ast.AST]]:
    """Every module of ours, but for the Rasa project, which runs on its own."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "rasa" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


async def answers(rig: Rig) -> Iterator[object]:
    """An administrator's answer of every route that is looked at, and one of nobody."""
    client, _ = await rig.person("root@example.org", "admin")
    nobody = rig.browser()
    found = [await nobody.get("/console/sign-in"), await client.get("/console/static/console.css")]
    for route in all_routes():
        if isinstance(route, Page) and "GET" in (route.methods or ()):
            found.append(await client.get(path_of(route, "quito", 1)))
            found.append(await nobody.get(path_of(route, "quito", 1)))
    return iter(found)


async def test_every_answer_has_the_strict_headers_and_the_type_of_what_it_holds(rig: Rig) -> None:
    """Pages, files, refusals, redirects and errors alike; no other site may read any of them."""
    for one in await answers(rig):
        headers = one.headers  # type: ignore[attr-defined]
        policy = headers["content-security-policy"]
        for part in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert not [name for name in headers if name.startswith("access-control-")]
        kind = headers.get("content-type", "")
        assert one.content == b"" or kind  # type: ignore[attr-defined]
        assert not kind.startswith("text/") or "charset=utf-8" in kind


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT"])
async def test_no_route_takes_a_method_that_it_does_not_name(rig: Rig, method: str) -> None:
    """TRACE, which repeats what was sent, above all; and looking never changes anything."""
    client, _ = await rig.person("root@example.org", "admin")
    for route in all_routes():
        if isinstance(route, Page):
            answer = await client.request(method, path_of(route, "quito", 1))
            assert answer.status_code == 405, (route.path, method)


async def test_folders_are_not_listed_and_nothing_beside_them_is_served(rig: Rig) -> None:
    """Neither the folder of styles nor what lies above it."""
    client = rig.browser()
    for path in (
        "static",
        "static/",
        "static/../app.py",
        "static/%2e%2e/app.py",
        ".git/config",
        "docs",
        "openapi.json",
    ):
        assert (await client.get(f"/console/{path}")).status_code in (303, 307, 404), path


async def test_signing_out_clears_the_browser(rig: Rig) -> None:
    """The cookie goes, and over https the browser is told to forget what it kept."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    answer = await submit(client, "/console/sign-out", {}, page="/console/me")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_every_page_offers_to_leave_and_forms_hide_and_paste_passwords(rig: Rig) -> None:
    """Sign-out stands on every page of who is signed in; passwords are masked and password managers are let in."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    for path in ("/", "/services", "/review", "/imports", "/me"):
        assert 'action="/console/sign-out"' in (await client.get(f"/console{path}")).text
    texts = [(await client.get("/console/me")).text, (await rig.browser().get("/console/sign-in")).text]
    for text in texts:
        fields = re.findall(r'<input id="(?:old|password)"[^>]*>', text)
        assert fields
        for tag in fields:
            assert 'type="password"' in tag
            assert re.search(r'autocomplete="(current|new)-password"', tag)
            assert "onpaste" not in tag
            assert "maxlength" not in tag


async def test_a_password_is_taken_exactly_as_it_is_written(rig: Rig) -> None:
    """Not cut, not changed in its letters, with its spaces."""
    odd = "  Ñandú ÁRBOL 이모 largo" + " x" * 60
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    sent = {"old": PASSWORD, "password": odd}
    assert (await submit(client, "/console/me/password", sent, page="/console/me")).status_code == 303
    for typed, status in ((odd.strip(), 401), (odd.lower(), 401), (odd[:-2], 401), (odd, 303)):
        answer = await submit(
            rig.browser(network=f"198.51.100.{len(typed)}"), "/console/sign-in",
            {"email": "ana@example.org", "password": typed},
        )  # fmt: skip
        assert answer.status_code == status


async def test_no_account_is_there_before_the_command_makes_one(rig: Rig) -> None:
    """No default name, no default password."""
    import asyncio
    import io

    out = io.StringIO()
    assert await asyncio.to_thread(commands.list_accounts, rig.url, out) == 0
    assert out.getvalue() == ""


async def test_a_form_changes_only_the_fields_that_are_its_own(rig: Rig) -> None:
    """Fields of other forms, or of none, are left alone: place, code, source, role."""
    from console import records

    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito/edit/contact"
    extra = {
        "name": "Casa Nueva",
        "place": "san-luis",
        "id": "other",
        "confidence": "high",
        "opening_hours": "24/7",
    }
    assert (await submit(client, at, extra)).status_code == 303
    await submit(client, "/console/me/password", {"old": "x", "role": "admin"}, page="/console/me")
    async with rig.sessions.reading() as reading:
        now = await records.one(reading, "svc-quito", PLACES)
    assert now == record(
        "svc-quito", "quito", name="Casa Nueva", organization=now.organization if now else None
    )
    assert (await client.get("/console/accounts")).status_code == 403


async def test_a_secret_address_leaves_in_no_file(rig: Rig) -> None:
    """Whoever may export does not export where a shelter is."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito/edit/contact"
    await submit(client, at, {"address": "Calle Secreta 1", "hidden_address": "yes"})
    for form in ("csv", "xlsx", "hsds", "hsds-tables"):
        import io
        import zipfile

        content = (await client.get(f"/console/exports/{form}")).content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert b"Calle Secreta" not in content


async def test_https_is_asked_of_browsers_on_every_answer_for_a_year(rig: Rig) -> None:
    """With subdomains, on errors too; another host's name is not answered to."""
    made = await built(rig.sessions, rig.library, https=True)
    for path in ("/console/sign-in", "/console/nothing", "/console/services", "/console/static/console.css"):
        said = (await made.browser().get(path)).headers["strict-transport-security"]
        assert said == "max-age=31536000; includeSubDomains"


def test_nothing_of_ours_runs_what_it_is_given() -> None:
    """No eval, no shell, no objects out of bytes, no broken digests, no chance that can be foretold."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in FORBIDDEN_CALLS, (path, node.lineno)
                assert not any(one.arg == "shell" for one in node.keywords), (path, node.lineno)
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not set(names) & FORBIDDEN_MODULES, (path, names)


def test_templates_escape_everything_and_hold_no_script() -> None:
    """Nothing is marked as safe, nothing runs in the browser, nothing comes from elsewhere."""
    for path in (ROOT / "console" / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\|\s*safe|autoescape|<script|\son\w+=|javascript:|style=|https?://[^\"< ]*\.(js|css)", text
        ), path
