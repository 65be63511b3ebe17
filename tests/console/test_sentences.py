"""The page of sentences that were not understood: who sees it, and that a decision deletes."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from console import audit
from content.library import Library
from demand.commands import opened
from demand.database import writing
from demand.tables import sent_sentence
from referrals.database import Sessions
from tests.console.rig import Rig, built, submit

TODAY = date(2026, 11, 28)
ALL = ["quito", "pichincha", "sao-paulo", "san-luis"]


@pytest.fixture
async def rig(sessions: Sessions, library: Library, tmp_path: Path) -> Rig:
    """A console whose demand database holds three sentences, one of which is too old."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"

    def fill() -> None:
        with opened(url) as engine, writing(engine) as connection:
            rows = [
                {"number": 111111, "text": "quiero <b>devolver</b> la caja", "language": "es", "day": TODAY},
                {"number": 222222, "text": "kote mwen jwenn bwat la", "language": "ht", "day": TODAY},
                {"number": 333333, "text": "esto ya es viejo", "language": "es", "day": date(2026, 11, 20)},
            ]
            connection.execute(insert(sent_sentence), rows)

    await asyncio.to_thread(fill)
    return await built(sessions, library, demand_url=url)


@pytest.mark.parametrize(
    ("role", "places", "status"),
    [
        ("admin", [], 200), ("coordinator", ALL, 200), ("coordinator", ALL[:3], 403), ("caseworker", ALL, 403),
    ],
)  # fmt: skip
async def test_only_who_oversees_every_place_reads_them(
    rig: Rig, role: str, places: list[str], status: int
) -> None:
    """Administrators and coordinators of all places; the menu offers it to nobody else."""
    client, _ = await rig.person("ana@example.org", role, places)
    page = await client.get("/console/sentences")
    assert page.status_code == status
    assert ("/console/sentences" in (await client.get("/console/me")).text) is (status == 200)
    if status == 200:
        assert "quiero &lt;b&gt;devolver&lt;/b&gt; la caja" in page.text
        assert 'lang="ht"' in page.text
        assert "viejo" not in page.text


async def test_a_decision_deletes_and_the_log_does_not_repeat_it(
    rig: Rig, sessions: Sessions, tmp_path: Path
) -> None:
    """Taken up it is shown once more; set aside it is not; in both cases no byte of it is left, nor in the log."""
    client, _ = await rig.person("ana@example.org", "admin")
    page = "/console/sentences"
    accepted = await submit(
        client, "/console/sentences/decide", {"sentence": "111111", "verdict": "accepted"}, page
    )
    assert "devolver" in accepted.text
    rejected = await submit(
        client, "/console/sentences/decide", {"sentence": "222222", "verdict": "rejected"}, page
    )
    assert rejected.status_code == 303
    again = await client.get(page)
    assert "devolver" not in again.text
    assert "bwat" not in again.text
    twice = await submit(
        client, "/console/sentences/decide", {"sentence": "111111", "verdict": "accepted"}, "/console/me"
    )
    assert twice.status_code == 404
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"devolver" not in files
    assert b"bwat" not in files
    async with sessions.reading() as reading:
        noted = [one for one in await audit.entries(reading) if one.action == "sentence"]
    assert [one.detail for one in noted] == ['{"verdict": "rejected"}', '{"verdict": "accepted"}']


async def test_a_wrong_form_decides_nothing(rig: Rig) -> None:
    """Numbers that are none and verdicts that do not exist are refused, and the sentences stay."""
    client, _ = await rig.person("ana@example.org", "admin")
    for values in ({"sentence": "x"}, {"sentence": "9" * 30}, {"sentence": "111111", "verdict": "maybe"}):
        answer = await submit(
            client, "/console/sentences/decide", {"verdict": "accepted", **values}, "/console/sentences"
        )
        assert answer.status_code == 404
    assert "devolver" in (await client.get("/console/sentences")).text
