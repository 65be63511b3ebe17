"""Attack 1, canary week: 2,000 turns with 200 planted strings, then every byte that was written is searched."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from bot.buttons import Buttons
from bot.conversation.events import TextSaid
from bot.logs import set_up_logs
from bot.sessions import Sessions
from bot.turn import Turn
from bot.turn.house import House
from demand.commands import FORMATS, report
from demand.database import connect
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from tests.bot.doubles import ListedReadings, Street, Told, codes_of, understood
from tests.privacy.conftest import AFTER, IDS, MONDAY, WORDS, hits
from tests.privacy.naive.build import NaiveLog

LABELS = ("work.job", "health.care", "protection.threats", "shelter.temporary")


async def test_no_planted_string_reaches_a_disk(library, tmp_path: Path):
    """Database, write-ahead log, logs at DEBUG and reports in every format hold none of the 200 strings."""
    log = (tmp_path / "orienta.log").open("w")
    set_up_logs("DEBUG", stream=log)
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY)
    moment = [MONDAY]
    # Every fourth sentence is not understood, and every planted string is in one that is.
    readings = {
        f"Soy {word}, ayuda {number}": understood(LABELS[number % 4], place="quito")
        for word in WORDS
        for number in range(15)
    }
    house = House(
        interpreter=ListedReadings(readings),
        library=lambda: library,
        directory=Street(),
        counter=ledger,
        recorder=Told(),
        buttons=Buttons(b"k" * 32, codes_of(library)),
        clock=lambda: moment[0],
    )
    turn = Turn(house, Sessions(lambda: moment[0]))
    for number in range(20):
        for chat, word in zip(IDS, WORDS, strict=True):
            await turn.take(TextSaid(f"Soy {word}, ayuda {number}"), str(chat).encode())
        moment[0] += timedelta(hours=6)
        keeper.tick(moment[0])
    assert ledger.events >= 1000
    keeper.write(AFTER)
    for format in FORMATS:
        with (tmp_path / f"report.{format}").open("wb") as out:
            report(url, library, AFTER, out, format=format)
    set_up_logs("INFO", stream=io.StringIO())
    log.close()
    engine.dispose()
    assert (tmp_path / "orienta.log").stat().st_size > 0
    assert hits(tmp_path, [*IDS, *WORDS]) == set()


def test_the_naive_build_gives_all_of_them_away(tmp_path: Path):
    """The same search finds all 200 strings in the naive log: it would have found them in ours."""
    naive = NaiveLog(tmp_path)
    for chat, word in zip(IDS, WORDS, strict=True):
        naive.say(chat, "2026-03-02T15:00:00", "quito", "work.job", "es", f"Soy {word}")
    assert hits(tmp_path, [*IDS, *WORDS]) == {*IDS, *WORDS}
