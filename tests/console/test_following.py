"""The audit log leaves for another system: in order, whole, over stops; what has left shows later changes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli.main import app
from console import audit
from console.following import AT_ONCE, MarkError, follow
from console.tables import audit as table
from referrals.database import Sessions


async def _note(sessions: Sessions, *actions: str) -> None:
    async with sessions.writing() as session:
        for action in actions:
            await audit.note(
                session, 1_764_338_400, "ana@example.org", action, "svc-quito", "quito", {"of": 1}
            )


async def _sent(sessions: Sessions, mark: Path | None = None) -> list[dict[str, Any]]:
    out = io.StringIO()
    await follow(sessions, out, mark, once=True)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_the_log_leaves_row_by_row_and_goes_on_where_it_stopped(
    sessions: Sessions, tmp_path: Path
) -> None:
    """Each row once, as one line with moment, who, what, where and its digest; more than are read at once too."""
    mark = tmp_path / "sent"
    await _note(sessions, "sign_in", "service.edit")
    first, second = await _sent(sessions, mark)
    assert first == {
        "event": "audit", "id": 1, "timestamp": "2025-11-28T14:00:00+00:00", "who": "ana@example.org",
        "action": "sign_in", "subject": "svc-quito", "place": "quito", "detail": {"of": 1},
        "previous": audit.START, "digest": second["previous"],
    }  # fmt: skip
    assert await _sent(sessions, mark) == []
    await _note(sessions, *["service.check"] * (AT_ONCE + 3))
    assert [one["id"] for one in await _sent(sessions, mark)] == list(range(3, AT_ONCE + 6))
    assert len(await _sent(sessions)) == AT_ONCE + 5


async def test_new_rows_leave_while_it_runs(sessions: Sessions) -> None:
    """It waits, looks again, and writes what has come."""
    out, waited = io.StringIO(), []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise KeyboardInterrupt
        await _note(sessions, f"service.{len(waited)}")

    with pytest.raises(KeyboardInterrupt):
        await follow(sessions, out, wait=wait)
    assert [json.loads(line)["action"] for line in out.getvalue().splitlines()] == ["service.1", "service.2"]


async def test_what_has_left_shows_what_was_changed_later(sessions: Sessions) -> None:
    """A chain made anew in the database agrees with itself, and not with what the collector has."""
    await _note(sessions, "sign_in", "service.edit", "sign_out")
    before = await _sent(sessions)
    async with sessions.writing() as session:
        previous = audit.START
        for row in await audit.entries(session, audit.Wanted(oldest=True)):
            said = {**vars(row), "who": "nobody", "previous": previous}
            previous = audit.digest_of(said)
            forged = update(table).where(table.c.id == row.id)
            await session.execute(forged.values(who="nobody", previous=said["previous"], digest=previous))
        assert await audit.first_broken(session) is None
    after = await _sent(sessions)
    assert not {one["digest"] for one in before} & {one["digest"] for one in after}


async def test_a_reader_that_fails_gets_the_rows_again(sessions: Sessions, tmp_path: Path) -> None:
    """The mark moves after the rows were written, never before; a mark that is not ours is told and left alone."""
    mark = tmp_path / "sent"
    await _note(sessions, "sign_in")

    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await follow(sessions, Gone(), mark, once=True)
    assert len(await _sent(sessions, mark)) == 1
    mark.write_text("hello")
    with pytest.raises(MarkError, match="sent does not hold the number of a row"):
        await _sent(sessions, mark)
    assert mark.read_text() == "hello"


def test_the_command_writes_lines_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard output, where a collector reads them."""
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))
    CliRunner().invoke(app, ["accounts", "add", "ana@example.org", "--role", "admin"])
    mark = str(tmp_path / "sent")
    said = CliRunner().invoke(app, ["audit", "follow", "--once", "--mark", mark])
    assert [json.loads(line)["action"] for line in said.output.splitlines()] == ["account.invite"]
    assert CliRunner().invoke(app, ["audit", "follow", "--once", "--mark", mark]).output == ""
