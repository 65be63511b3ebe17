"""Import and export: a spreadsheet with ten kinds of mistake, a dry run that changes nothing, one undo per service."""

from __future__ import annotations

import csv
import io
import json
import re

import httpx
import pytest

from console import records
from referrals.exchange import sheets
from tests.console.rig import Rig, fields_of, record, submit
from tests.referrals.test_several_locations import LEGAL_AID


async def send(client: httpx.AsyncClient, name: str, content: bytes) -> httpx.Response:
    """Choose a file, look at it, and follow to the page of the dry run."""
    form = fields_of((await client.get("/console/imports")).text, "/console/imports")
    form.pop("file", None)
    answer = await client.post("/console/imports", data=form, files={"file": (name, content)})
    return await client.get(answer.headers["location"])


def table(*rows: dict[str, object]) -> bytes:
    """A CSV of rows; a key that is no column becomes one."""
    columns = [*sheets.COLUMNS, *sorted({key for row in rows for key in row} - set(sheets.COLUMNS))]
    target = io.StringIO()
    writer = csv.DictWriter(target, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
    return target.getvalue().encode()


def row(code: str, **values: object) -> dict[str, object]:
    """The cells of a good service, some changed."""
    return {**sheets.row_of(record(code, "quito")), **values}


MISTAKES: list[tuple[str, dict[str, object]]] = [
    ("name", {"name": ""}),
    ("opening_hours", {"opening_hours": "de ocho a cinco"}),
    ("phones", {"phones": "llame"}),
    ("place", {"place": "cuenca"}),
    ("needs", {"needs": "documents.unicorn"}),
    ("email", {"email": "nada"}),
    ("assured_date", {"assured_date": "ayer"}),
    ("latitude", {"latitude": "200", "longitude": "0"}),
    ("confidence", {"confidence": "quizá"}),
    ("color", {"color": "azul"}),
    ("organization_kind", {"organization_kind": "empresa"}),
]


@pytest.mark.parametrize("language", ["es", "pt"])
async def test_each_of_the_kinds_of_mistake_is_told_with_row_and_column(rig: Rig, language: str) -> None:
    """Every mistake at once where the cells can be read; codes once they can; nothing is written."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], language)
    codes = {"place", "needs"}
    told = set()
    for group in ([m for m in MISTAKES if m[0] not in codes], [m for m in MISTAKES if m[0] in codes]):
        rows = [row(f"nuevo-{number}", **values) for number, (_, values) in enumerate(group)]
        page = await send(client, "casas.csv", table(*rows))
        cells = re.findall(
            r'<tr role="row"><td [^>]*class="number">(\d+)</td><td [^>]*>([^<]+)</td><td [^>]*>[^<]+</td><td [^>]*>[^<]+</td></tr>',
            page.text,
        )
        told |= {(int(line), column) for line, column in cells}
        for number, (column, _) in enumerate(group, 2):
            assert (number, column) in told, (number, column, cells)
    twice = await send(client, "casas.csv", table(row("uno"), row("uno")))
    assert ">id</td>" in twice.text
    assert len({column for _, column in told}) >= 10
    async with rig.sessions.reading() as reading:
        assert len(await records.listed(reading, {"quito"})) == 1


async def test_a_file_for_another_place_is_refused(rig: Rig) -> None:
    """Neither a new service elsewhere nor one that would be taken from there."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    for one in (row("nuevo", place="sao-paulo"), row("svc-sao-paulo")):
        page = await send(client, "casas.csv", table(one))
        assert ">place</td>" in page.text


@pytest.mark.parametrize("name", ["casas.pdf", "casas.xlsx", "casas.json", "casas.zip"])
async def test_a_file_that_is_not_what_it_says_is_told_and_breaks_nothing(rig: Rig, name: str) -> None:
    """Anything may be sent; the answer is a sentence."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    assert 'class="note bad"' in (await send(client, name, b"\x00 not this")).text


async def test_the_dry_run_shows_the_difference_and_only_then_it_is_written_with_undo(rig: Rig) -> None:
    """What was exported, changed and imported again becomes one change in the history of one service."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    exported = (await client.get("/console/exports/csv")).content.decode("utf-8-sig")
    assert "svc-sao-paulo" not in exported
    changed = exported.replace("Casa svc-quito", "Casa Nueva").encode()
    page = await send(client, "casas.csv", changed)
    assert "Casa Nueva" in page.text
    async with rig.sessions.reading() as reading:
        assert (await records.listed(reading, {"quito"}))[0].name == "Casa svc-quito"
    path = page.request.url.path
    answer = await submit(client, path, {})
    assert answer.status_code == 303
    async with rig.sessions.reading() as reading:
        assert (await records.listed(reading, {"quito"}))[0].name == "Casa Nueva"
        change = (await records.revisions(reading, "svc-quito"))[0]
    assert (change.why, change.fields) == ("import", ("name",))
    await submit(client, f"/console/changes/{change.id}/undo", {}, page="/console/services/svc-quito/history")
    async with rig.sessions.reading() as reading:
        assert (await records.listed(reading, {"quito"}))[0].name == "Casa svc-quito"


async def test_an_import_is_seen_by_who_began_it_alone(rig: Rig) -> None:
    """Another account does not find it."""
    ana, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    bea, _ = await rig.person("bea@example.org", "caseworker", ["quito"])
    page = await send(ana, "casas.csv", table(row("nuevo")))
    assert (await bea.get(page.request.url.path)).status_code == 404


async def test_what_stood_in_a_cell_is_told_as_it_was_written(rig: Rig) -> None:
    """Also where the cell was read as a list: no brackets, no quotes of ours."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    page = await send(client, "casas.csv", table(row("nuevo", phones="llame; mañana")))
    assert "this cannot be used: llame; mañana" in page.text


async def test_a_service_with_several_locations_is_told_in_plain_words_and_written_as_several(
    rig: Rig,
) -> None:
    """Before anything is written it is said which services it becomes; the second time there is nothing to write."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "es")
    content = json.dumps([{**LEGAL_AID, "orienta": {"place": "quito"}}]).encode()
    page = await send(client, "red.json", content)
    told = page.text.split('<div class="note">', 1)[1].split("</div>", 1)[0]
    assert "Asesoría legal gratuita: 3 servicios" in told
    assert told.index("(Centro Histórico)") < told.index("(Quitumbe)")
    await submit(client, page.request.url.path, {})
    async with rig.sessions.reading() as reading:
        assert len(await records.listed(reading, {"quito"})) == 1 + 3
    again = await send(client, "red.json", content)
    assert "El archivo dice lo que ya está en la lista" in again.text
