"""Attack 1, canary week: 2,000 turns with 200 planted strings, then every byte that was written is searched."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.buttons import Buttons
from bot.conversation.events import ButtonPressed, TextSaid
from bot.logs import set_up_logs
from bot.sessions import Sessions
from bot.settings import Settings
from bot.turn import Turn
from bot.turn.house import House
from bot.web.app import build_app
from bot.wiring import open_house
from demand.commands import FORMATS, report
from demand.database import connect
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from tests.bot.doubles import ListedReadings, Street, Told, codes_of, understood
from tests.privacy.conftest import AFTER, IDS, MONDAY, WORDS, hits
from tests.privacy.naive.build import NaiveLog
from tests.serving import serving

ORIENTA = Path(sys.executable).with_name("orienta")
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


class _Rasa:
    """A Rasa server that keeps every request it gets."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.app = Starlette(routes=[Route("/model/parse", self.parse, methods=["POST"])])

    async def parse(self, request: Request) -> JSONResponse:
        self.requests.append((str(request.url), dict(request.headers), await request.json()))
        number = len(self.requests)
        confidence = (0.9, 0.4, 0.1)[number % 3]
        ranking = [
            {"name": LABELS[number % 4], "confidence": confidence},
            {"name": "help", "confidence": 0.01},
        ]
        return JSONResponse({"intent": ranking[0], "intent_ranking": ranking, "entities": []})


async def test_the_whole_house_with_backup_metrics_and_exports_holds_none(tmp_path: Path):
    """As it is served: databases, backup, /metrics, exports of the directory, logs at DEBUG; Rasa gets the text alone."""
    log = (tmp_path / "orienta.log").open("w")
    set_up_logs("DEBUG", stream=log)
    rasa = _Rasa()
    async with serving(rasa.app) as address:
        settings = Settings(data_dir=tmp_path / "var", rasa_url=address)
        async with open_house(settings) as house:
            stop = asyncio.Event()
            keeping = asyncio.create_task(house.parts[0](stop))
            for number in range(3):
                for chat, word in zip(IDS, WORDS, strict=True):
                    event = TextSaid(f"Soy {word}, estoy en Quito y tengo la duda {number}")
                    replies = await house.turn.take(event, str(chat).encode())
                    if number == 1:
                        await house.turn.take(ButtonPressed(replies[-1].buttons[-1].data), str(chat).encode())
            app = build_app(
                house.turn,
                checks=house.checks,
                metrics=house.metrics,
                mounts=house.mounts,
                routes=house.routes,
            )
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://orienta"
            ) as client:
                for name, path in (("metrics", "/metrics"), ("ready", "/readyz"), ("hsds", "/hsds/services")):
                    (tmp_path / f"{name}.txt").write_bytes((await client.get(path)).content)
            stop.set()
            await keeping
    # A process of its own, as an operator runs them.
    for command in (
        ["db", "backup", str(tmp_path / "backup")],
        ["directory", "export", "--format", "csv", "--out", str(tmp_path / "directory.csv")],
        ["directory", "export", "--format", "xlsx", "--out", str(tmp_path / "directory.xlsx")],
        *(["demand", "report", "--format", form, "--out", str(tmp_path / f"r.{form}")] for form in FORMATS),
    ):
        environment = {**os.environ, "ORIENTA_DATA_DIR": str(settings.data_dir), "ORIENTA_LOG_LEVEL": "DEBUG"}
        done = await asyncio.to_thread(
            subprocess.run, [ORIENTA, *command], capture_output=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        (tmp_path / f"{command[0]}-{command[1]}.txt").write_bytes(done.stdout + done.stderr)
    set_up_logs("INFO", stream=io.StringIO())
    log.close()
    assert b"orienta_turns" in (tmp_path / "metrics.txt").read_bytes()
    assert (tmp_path / "backup" / "demand.jsonl.gz").is_file()
    assert hits(tmp_path, [*IDS, *WORDS]) == set()
    # Rasa must read the text to understand it; nothing else goes with it.
    assert len(rasa.requests) == 3 * len(IDS)
    assert all(set(body) == {"text"} for _, _, body in rasa.requests)
    (tmp_path / "rasa").mkdir()
    (tmp_path / "rasa" / "requests").write_text(repr(rasa.requests))
    assert hits(tmp_path / "rasa", IDS) == set()


def test_the_search_looks_into_what_is_packed(tmp_path: Path):
    """A planted string in a workbook or a compressed backup is found: a scan of the packed bytes would miss it."""
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("sheet.xml", WORDS[0] * 50)
    (tmp_path / "backup.gz").write_bytes(gzip.compress((WORDS[1] * 50).encode()))
    assert hits(tmp_path, [*IDS, *WORDS]) == {WORDS[0], WORDS[1]}


def test_the_naive_build_gives_all_of_them_away(tmp_path: Path):
    """The same search finds all 200 strings in the naive log: it would have found them in ours."""
    naive = NaiveLog(tmp_path)
    for chat, word in zip(IDS, WORDS, strict=True):
        naive.say(chat, "2026-03-02T15:00:00", "quito", "work.job", "es", f"Soy {word}")
    assert hits(tmp_path, [*IDS, *WORDS]) == {*IDS, *WORDS}
