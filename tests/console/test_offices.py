"""Coordinators and administrators: reports, coverage, accounts, sessions, the log, the commands, the crawl."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from console import audit, commands
from console.app import all_routes
from console.migrations import downgrade, upgrade
from console.policy import Page
from console.tables import audit as audit_table
from content.library import Library
from demand.commands import demo, opened
from demand.database import writing
from demand.released import Figure, Grid, Release, write_releases
from referrals.corrections import Corrections
from referrals.database import Sessions
from referrals.tables import Report
from tests.console.rig import PASSWORD, Rig, accept, built, code_on, fields_of, submit

HOSTILE = ["'", "<script>", "../../etc/passwd", "%00", "0", "-1", "9" * 40, "ñ", "{{7*7}}", "a" * 300]


@pytest.fixture
async def with_demand(sessions: Sessions, library: Library, tmp_path: Path) -> Rig:
    """A console with a simulated quarter of demand."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    await asyncio.to_thread(demo, url, library, date(2026, 11, 28), io.StringIO())
    return await built(sessions, library, url)


async def test_a_coordinator_reads_the_month_and_takes_it_away(with_demand: Rig) -> None:
    """The report says that it is simulated; each download is what its name says."""
    client, _ = await with_demand.person("eva@example.org", "coordinator", ["quito"], "en")
    page = await client.get("/console/reports?place=quito")
    assert page.status_code == 200
    assert "imulated" in page.text
    starts = {"xlsx": b"PK", "csv": b"\xef\xbb\xbf", "html": b"<!doctype html>", "text": b"What people"}
    for kind, start in starts.items():
        file = await client.get(f"/console/reports/download/{kind}?place=quito")
        assert file.content.lower().startswith(start.lower()), kind
        assert "attachment" in file.headers["content-disposition"]
    for number in range(1, 11):
        assert (await client.get(f"/console/reports/criteria/{number}")).status_code == 200


async def test_the_queue_puts_harm_first_and_corrections_are_decided(rig: Rig) -> None:
    """Trouble told lifts a service; a proposed correction leads to the form or is set aside."""
    async with rig.sessions.writing() as session:
        await session.execute(insert(Report).values(
            service_id="svc-ecuador", day=date(2026, 11, 20), kind="closed", count=4))  # fmt: skip
    proposals = Corrections(rig.sessions, rig.library.places)
    await proposals.propose("svc-quito", "phone", rig.clock(), "+593 2 222 2222")
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito", "ecuador"], "en")
    page = await client.get("/console/review")
    assert "+593 2 222 2222" in page.text
    assert page.text.index("Casa svc-ecuador") < page.text.index("Casa svc-quito")
    assert "It was closed: 4" in page.text
    path = "/console/services/svc-quito/corrections"
    answer = await submit(client, path, {"verdict": "accepted"}, page="/console/review")
    assert "/services/svc-quito/edit/contact?proposed=" in answer.headers["location"]
    assert "+593 2 222 2222" in (await client.get(answer.headers["location"])).text
    assert "+593 2 222 2222" not in (await client.get("/console/review")).text


async def test_the_queue_holds_the_answers_that_matter_too(
    sessions: Sessions, library: Library, tmp_path: Path
) -> None:
    """What most people ask for comes first, with what is missing behind it; other people's places are not in it."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    asked = Release(Grid.NEED, "quito", date(2026, 10, 26), 4, 672, (Figure(("work.job",), 100),))
    with opened(url) as engine, writing(engine) as connection:
        write_releases(connection, [asked])
    rig = await built(sessions, library, url)
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    text = (await client.get("/console/review")).text.split("Answers to look at first")[1]
    first, second, *_ = re.findall(r"<li>.*?</li>", text, re.S)
    assert library.taxonomy.needs["work.job"].title("en") in first
    assert "no service" in first
    assert "100 people asked" in first
    assert "/console/services?place=quito&amp;need=work.job" in first
    assert "people asked" not in second
    assert "São Paulo" not in text
    identity_card = library.taxonomy.needs["documents.id_card"].title("en")
    assert all(
        "no service" not in one for one in re.findall(r"<li>.*?</li>", text, re.S) if identity_card in one
    )


async def test_an_administrator_invites_changes_and_disables_accounts(rig: Rig) -> None:
    """A disabled account is out at once; one's own role stays."""
    admin, _ = await rig.person("root@example.org", "admin", [], "en")
    wrong = await submit(admin, "/console/accounts", {"email": "nada", "role": "caseworker"})
    assert wrong.status_code == 422
    made = await submit(
        admin, "/console/accounts", {"email": "Bea@Example.org", "role": "caseworker", "places": "quito"}
    )
    assert "http://127.0.0.1:8080/console/invitation<" in made.text
    bea = rig.browser()
    assert (await accept(bea, code_on(made.text))).status_code == 303
    theirs = "/console/accounts/2"
    await submit(admin, theirs, {"role": "coordinator", "places": "sao-paulo"})
    assert "/sign-in" in (await bea.get("/console/second-factor")).headers["location"]
    await submit(admin, f"{theirs}/disabled", {}, page=theirs)
    answer = await submit(bea, "/console/sign-in", {"email": "bea@example.org", "password": PASSWORD})
    assert answer.status_code == 401
    assert (
        await submit(admin, "/console/accounts/1", {"role": "coordinator", "places": "quito"})
    ).status_code == 422
    assert "bea@example.org" in (await admin.get("/console/audit")).text


async def test_the_sessions_page_ends_the_session_that_is_named(rig: Rig) -> None:
    """And no other; the log names the account by what is known, not by what was sent."""
    admin, _ = await rig.person("root@example.org", "admin")
    bea, _ = await rig.person("bea@example.org", "caseworker", ["quito"])
    page = (await admin.get("/console/sessions?q=bea")).text
    digest = re.search(r'name="session" value="(\w+)"', page)
    assert digest
    sent = {**fields_of(page, "/console/sessions"), "session": digest[1], "email": "somebody@else.example"}
    await admin.post("/console/sessions", data=sent)
    assert (await bea.get("/console/me")).status_code == 303
    assert (await admin.get("/console/me")).status_code == 200
    log = (await admin.get("/console/audit?action=sessions.end")).text
    assert ("bea@example.org" in log, "somebody@else.example" in log) == (True, False)


async def test_the_log_notices_what_is_changed_or_taken_away(rig: Rig) -> None:
    """A row edited in the database, or deleted, breaks the chain, and the command says so."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    for _ in range(3):
        await submit(client, "/console/me/recovery-codes", {})
    out = io.StringIO()
    assert await asyncio.to_thread(commands.verify_audit, rig.url, out) == 0
    async with rig.sessions.writing() as session:
        await session.execute(update(audit_table).where(audit_table.c.id == 2).values(who="nobody"))
    async with rig.sessions.reading() as session:
        assert await audit.first_broken(session) == 2
    async with rig.sessions.writing() as session:
        await session.execute(delete(audit_table).where(audit_table.c.id == 2))
    assert await asyncio.to_thread(commands.verify_audit, rig.url, out) == 1
    assert "row 3" in out.getvalue()


async def test_the_commands_invite_list_and_disable(rig: Rig) -> None:
    """A code is printed, no password; mistakes are sentences and exit with 1."""
    out = io.StringIO()

    async def run(function: object, *given: object) -> int:
        return await asyncio.to_thread(function, rig.url, *given, out)  # type: ignore[arg-type]

    assert await run(commands.add_account, "ana@example.org", "caseworker", ("quito",)) == 0
    code = {"code": code_on(out.getvalue())}
    assert (await submit(rig.browser(), "/console/invitation", code)).status_code == 200
    assert await run(commands.add_account, "nada", "caseworker", ("quito",)) == 1
    assert await run(commands.add_account, "a@example.org", "caseworker", ("cuenca",)) == 1
    assert await run(commands.add_account, "a@example.org", "caseworker", ()) == 1
    assert await run(commands.list_accounts) == 0
    assert await run(commands.disable_account, "ana@example.org") == 0
    assert await run(commands.disable_account, "who@example.org") == 1
    assert (await submit(rig.browser(), "/console/invitation", code)).status_code == 422


def test_the_schema_goes_down_and_up_again_and_says_what_the_tables_say(tmp_path: Path) -> None:
    """The steps and the tables agree."""
    from alembic import command

    from console.migrations import STEPS

    url = f"sqlite+aiosqlite:///{tmp_path}/console.sqlite3"
    upgrade(url)
    command.check(STEPS.config_for(url))
    downgrade(url)
    upgrade(url)


@pytest.mark.parametrize("role", ["caseworker", "coordinator", "admin"])
async def test_nothing_that_is_sent_breaks_a_page(with_demand: Rig, role: str) -> None:
    """Every route with hostile addresses and forms, as each role: never a 5xx, never an unescaped script."""
    client, _ = await with_demand.person("ana@example.org", role, ["quito"])
    token = re.search(r'name="form_token" value="(\w+)"', (await client.get("/console/me")).text)
    assert token
    keep = {"/sign-out", "/me/sessions", "/me/password", "/sessions"}
    names = ("q", "page", "sort", "place", "change", "before", "action", "since", "done", "state", "language")
    fields = ("name", "phones", "d0_from1", "x0_day", "first_n", "starts", "ends", "full_until", "email", "role",
              "correction", "verdict", "latitude", "needs", "kind", "osm", "paper0_es", "min_age", "back")  # fmt: skip
    for route in all_routes():
        if not isinstance(route, Page) or route.path in keep:
            continue
        for number, evil in enumerate(HOSTILE):
            path = re.sub(r"\{\w+:int\}", "1", route.path).replace("{service_id}", "svc-quito")
            path = path.replace("{form}", ["hours", "contact", "people", "papers", "about"][number % 5])
            segment = evil.replace("/", "").replace("%", "").replace("{", "").replace("}", "") or "x"
            for part in re.findall(r"\{\w+\}", path):
                path = path.replace(part, segment)
            path = f"/console{path}"
            if "POST" in (route.methods or ()):
                sent = {"form_token": token[1], "kind": "weekly", **dict.fromkeys(fields, evil)}
                answer = await client.post(path, data=sent)
            else:
                answer = await client.get(path, params=dict.fromkeys(names, evil))
            assert answer.status_code < 500, (path, evil)
            assert "<script>" not in answer.text or "attachment" in answer.headers.get(
                "content-disposition", ""
            )
