"""Telegram × understanding × database × disk × clock: in every cell people are answered, and it is written how.

Each cell opens the whole house, breaks what it names, and lets one person in Quito write that they are in danger and
that they have nowhere to sleep. Nobody waits more than five seconds for a reply while Telegram is reachable.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

import bot.standing_in
import bot.wiring.clock
import bot.wiring.ground
import bot.wiring.understanding
from bot.conversation.events import TextSaid
from bot.face import TelegramFace
from bot.face.tempo import Tempo
from bot.logs import set_up_logs
from bot.settings import Settings
from bot.wiring import Wired, open_house
from content.collection import DATA
from content.library import Library
from content.loading import load_library
from content.wording import wording
from nlu.embedded.engine import EmbeddedInterpreter, embedded_interpreter
from tests.bot_api import BotApi, Person
from tests.journeys.faults import Cell, clock_of, database_held, faults_of, make_garbage, rasa

WHOLE = "emergency numbers, the answer with date and source, and places to go to"
SEEDS = "emergency numbers, the answer, and the places of the seeds until the database is back"
LAST = "emergency numbers, the answer, and the directory of the last good state"
NO_COUNT = "everything; only demand is not kept until its database is back"
NO_KEY = "everything; buttons end with the process, because no key can be kept"
LATE = "everything, as soon as a call reaches Telegram"
BUTTONS = "emergency numbers; for the rest the topics, whose buttons answer with places"
OLD_TEXT = "everything, from the content that was read before; the problem is in the log"
AGED = "emergency numbers, the answer without what is too old to trust, and places to go to"
CELLS = [
    Cell("well", "well", "well", "well", "right", WHOLE),
    Cell("well", "Rasa", "well", "well", "right", WHOLE),
    Cell("well", "Rasa down", "well", "well", "right", WHOLE),
    Cell("well", "Rasa hangs", "well", "well", "right", WHOLE),
    Cell("well", "Rasa talks nonsense", "well", "well", "right", WHOLE),
    Cell("well", "raises", "well", "well", "right", BUTTONS),
    Cell("well", "well", "locked", "well", "right", WHOLE),
    Cell("well", "well", "locked at start", "well", "right", SEEDS),
    Cell("well", "well", "read-only", "well", "right", WHOLE),
    Cell("well", "well", "gone", "well", "right", LAST),
    Cell("well", "well", "garbage later", "well", "right", LAST),
    Cell("well", "well", "garbage at start", "well", "right", SEEDS),
    Cell("well", "well", "demand garbage", "well", "right", NO_COUNT),
    Cell("well", "well", "demand locked", "well", "right", NO_COUNT),
    Cell("well", "well", "both garbage", "well", "right", SEEDS),
    Cell("well", "well", "well", "full", "right", LAST),
    Cell("well", "well", "well", "no folder", "right", f"{SEEDS}; {NO_KEY}"),
    Cell("well", "well", "well", "content half-written", "right", OLD_TEXT),
    Cell("well", "well", "well", "well", "a day behind", WHOLE),
    Cell("well", "well", "well", "well", "a year ahead", AGED),
    Cell("well", "well", "well", "well", "jumps", AGED),
    Cell("resets", "well", "well", "well", "right", LATE),
    Cell("lost answers", "well", "well", "well", "right", LATE),
    Cell("half answers", "well", "well", "well", "right", LATE),
    Cell("502", "well", "well", "well", "right", LATE),
    Cell("a proxy's page", "well", "well", "well", "right", LATE),
    Cell("429", "well", "well", "well", "right", LATE),
    Cell("away, then back", "well", "well", "well", "right", LATE),
    Cell("resets", "Rasa down", "well", "well", "right", LATE),
    Cell("502", "Rasa hangs", "locked", "well", "right", LATE),
    Cell("half answers", "well", "gone", "well", "right", LAST),
    Cell("a proxy's page", "raises", "well", "well", "right", BUTTONS),
    Cell("away, then back", "Rasa down", "garbage later", "well", "right", LAST),
    Cell("429", "Rasa", "demand garbage", "well", "right", NO_COUNT),
    Cell("well", "Rasa down", "read-only", "full", "right", WHOLE),
    Cell("well", "Rasa down", "gone", "well", "a year ahead", f"{AGED}, of the last good state"),
    Cell("well", "Rasa down", "both garbage", "well", "right", SEEDS),
    Cell("well", "Rasa hangs", "garbage later", "content half-written", "right", f"{LAST}; {OLD_TEXT}"),
    Cell("well", "raises", "both garbage", "well", "right", f"{BUTTONS}, those of the seeds"),
    Cell("well", "raises", "well", "no folder", "a day behind", f"{BUTTONS}, those of the seeds"),
    Cell("well", "well", "locked", "full", "jumps", AGED),
    Cell("lost answers", "Rasa talks nonsense", "demand locked", "content half-written", "a day behind", OLD_TEXT),
    Cell("resets", "Rasa", "read-only", "content half-written", "a year ahead", f"{AGED}; {OLD_TEXT}"),
    Cell("away, then back", "raises", "both garbage", "no folder", "jumps", f"{BUTTONS}, those of the seeds"),
]  # fmt: skip
PROMISED = 5.0
# As in life, but for what is waited between two tries.
TEMPO = Tempo(poll=5, same_offset=0.05, stop=2, between_attempts=0.05, back_off_first=0.1, back_off_most=1, lead_retry=0.1)  # fmt: skip
DANGER, QUESTION = "ayuda me quieren matar", "no tengo donde dormir esta noche en Quito"


class Raises:
    """An engine that fails at everything."""

    async def read(self, text: str, context: object) -> object:
        raise RuntimeError("the engine is broken")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def engine() -> EmbeddedInterpreter:
    return embedded_interpreter()


def test_the_matrix_is_whole() -> None:
    """At least forty different cells, and every fault of every kind stands in one of them."""
    assert len({cell.name for cell in CELLS}) == len(CELLS) >= 40
    for axis, kinds in (("telegram", 8), ("understanding", 6), ("database", 10), ("disk", 4), ("clock", 4)):
        assert len({getattr(cell, axis) for cell in CELLS}) == kinds, axis


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
async def test_cell(
    cell: Cell, library: Library, engine: EmbeddedInterpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this state of the world, this is what a person gets."""
    monkeypatch.setattr(bot.wiring.ground, "load_library", lambda root: library)
    monkeypatch.setattr(
        bot.wiring.understanding,
        "embedded_interpreter",
        lambda *_: Raises() if cell.understanding == "raises" else engine,
    )
    monkeypatch.setattr(bot.wiring.clock, "now", clock_of(cell))
    for room in ("referrals", "demand"):
        hurried = [
            f"{p.partition('=')[0]}=300" if "busy" in p else p
            for p in __import__(f"{room}.database").database._PRAGMAS
        ]
        monkeypatch.setattr(f"{room}.database._PRAGMAS", tuple(hurried))
    async with contextlib.AsyncExitStack() as stack:
        settings = await made_ready(cell, tmp_path, stack)
        faults = faults_of(cell)
        api = await stack.enter_async_context(BotApi(flood=cell.telegram == "429", faults=faults))
        settings = settings.model_copy(
            update={"telegram_token": SecretStr(api.token), "telegram_api_url": api.url}
        )
        # Telegram's limits are a row of their own; elsewhere nobody waits for them.
        tempo = TEMPO if cell.telegram == "429" else replace(TEMPO, chat_burst=20, burst=20)
        house = await stack.enter_async_context(open_house(settings))
        stop = asyncio.Event()
        parts = [asyncio.create_task(part(stop)) for part in house.parts]
        serving = asyncio.create_task(TelegramFace(settings, house.turn, tempo, house.links).serve(stop))
        try:
            break_now(cell, settings, house, tmp_path, stack)
            with disk(cell):
                await asks(cell, api, library)
        finally:
            stop.set()
            await asyncio.gather(serving, *parts)


async def test_a_start_waits_for_nobody_who_holds_the_database(
    library: Library, engine: EmbeddedInterpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the waits of life: opened and answering with places within five seconds; caught up when it is let go."""
    monkeypatch.setattr(bot.wiring.ground, "load_library", lambda root: library)
    monkeypatch.setattr(bot.wiring.understanding, "embedded_interpreter", lambda *_: engine)
    settings = Settings(data_dir=tmp_path / "data")
    shutil.copytree(await first_start(tmp_path), settings.data_dir)
    stop = asyncio.Event()
    with database_held(settings.data_dir / "directory.sqlite3"):
        async with asyncio.timeout(PROMISED), contextlib.AsyncExitStack() as stack:
            house = await stack.enter_async_context(open_house(settings))
            replies = await house.turn.take(TextSaid(QUESTION), b"somebody")
            stack = stack.pop_all()
        assert any("\n# 1. " in f"\n{reply.text}" for reply in replies)
    async with stack:
        parts = [asyncio.create_task(part(stop)) for part in house.parts]
        async with asyncio.timeout(20):
            directory = house.turn._house.directory
            while directory.snapshot.version >= bot.standing_in._SEEDS_VERSION:
                await house.checks["directory"]()
                await asyncio.sleep(0.1)
        stop.set()
        await asyncio.gather(*parts)
    assert "/console" in house.mounts


async def made_ready(cell: Cell, tmp_path: Path, stack: contextlib.AsyncExitStack) -> Settings:
    """The machine before the start: a second start, with what is broken already."""
    folder = tmp_path / "data"
    url = await stack.enter_async_context(rasa(cell.understanding)) if "Rasa" in cell.understanding else ""
    settings = Settings(data_dir=folder, rasa_url=url)
    if cell.disk == "no folder":
        folder.write_text("a file stands where the folder should be")
        return settings
    shutil.copytree(await first_start(tmp_path), folder)
    if cell.database in ("garbage at start", "both garbage"):
        make_garbage(folder / "directory.sqlite3")
    if cell.database in ("demand garbage", "both garbage"):
        make_garbage(folder / "demand.sqlite3")
    if cell.database == "locked at start":
        stack.enter_context(database_held(folder / "directory.sqlite3"))
    if cell.database == "demand locked":
        stack.enter_context(database_held(folder / "demand.sqlite3"))
    if cell.database == "read-only":
        read_only = f"sqlite+aiosqlite:///file:{folder}/directory.sqlite3?mode=ro&uri=true"
        return settings.model_copy(update={"database_url": read_only})
    return settings


async def first_start(tmp_path: Path) -> Path:
    """The data folder that a first start leaves; made once for all cells."""
    made = tmp_path.parent / "first_start"
    if not made.exists():
        async with open_house(Settings(data_dir=tmp_path / "first")) as house:
            stop = asyncio.Event()
            parts = [asyncio.create_task(part(stop)) for part in house.parts]
            while not (tmp_path / "first" / "demand.sqlite3").is_file():
                await asyncio.sleep(0.05)
            stop.set()
            await asyncio.gather(*parts)
        shutil.copytree(tmp_path / "first", made)
    return made


def break_now(
    cell: Cell, settings: Settings, house: Wired, tmp_path: Path, stack: contextlib.AsyncExitStack
) -> None:
    """What breaks while it runs."""
    path = settings.data_dir / "directory.sqlite3"
    if cell.database == "locked":
        holder = sqlite3.connect(path, isolation_level=None)
        stack.callback(holder.close)
        holder.execute("BEGIN IMMEDIATE")
    if cell.database == "gone":
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
    if cell.database == "garbage later":
        make_garbage(path)
    if cell.disk == "content half-written":
        content = tmp_path / "content"
        shutil.copytree(DATA, content)
        facts = next(content.glob("*/facts*.yml"), None) or next(content.glob("*/facts/*.yml"))
        facts.write_bytes(facts.read_bytes()[: facts.stat().st_size // 2])
        assert house.reload(content), "half a file was taken for a whole one"


@contextlib.contextmanager
def disk(cell: Cell) -> Iterator[None]:
    """A disk that takes no byte more: every write beyond a file's beginning fails, and every line of the log."""
    if cell.disk != "full":
        yield
        return
    root, soft = logging.getLogger(), resource.getrlimit(resource.RLIMIT_FSIZE)
    handlers, level = root.handlers[:], root.level
    set_up_logs("INFO", stream=open("/dev/full", "w", buffering=1))  # noqa: SIM115
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, soft[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
        structlog.reset_defaults()
        with contextlib.suppress(OSError):
            root.handlers[0].stream.close()  # type: ignore[attr-defined]
        root.handlers[:], logging.raiseExceptions = handlers, True
        root.setLevel(level)


async def asks(cell: Cell, api: BotApi, library: Library) -> None:
    """Danger first, then a question; each has its reply in time, and it is the one that is written."""
    person = api.person(language="es")
    if cell.telegram == "away, then back":
        api.faults.down = True
        asyncio.get_running_loop().call_later(0.5, setattr, api.faults, "down", False)
    await person.writes(DANGER)
    said = await hears(person, lambda text: "911" in text)
    assert any(number.number in said for number in library.emergency("quito", danger="violence"))
    await person.writes(QUESTION)
    if cell.understanding == "raises":
        await hears(
            person,
            lambda text: (
                wording("es")(
                    "Something is not working on our side. It is not your fault. You can still choose a topic."
                )[:30]
                in text
            ),
        )
        shelter = library.taxonomy.needs["shelter.temporary"]
        for label in (
            wording("es")("All topics"),
            library.taxonomy.sector_title(shelter.sector, "es")[:20],
            shelter.title("es")[:20],
            "Quito",
        ):
            await person.presses(label)
            await hears(person, bool)
    title = f"{library.taxonomy.needs['shelter.temporary'].title('es')} · Quito"
    await until(person, lambda text: title in text)
    await until(person, lambda text: text.startswith("1. ") or "\n1. " in text)


async def hears(person: Person, holds: object) -> str:
    """The next words, which must come in time; then those that hold what is looked for."""
    before = len(person.visible)
    async with asyncio.timeout(PROMISED):
        await person.api.until(lambda: len(person.visible) > before or bool(person.unread))
    return await until(person, holds)


async def until(person: Person, holds: object) -> str:
    """The message that holds what is looked for, among all that came."""
    assert callable(holds)
    try:
        async with asyncio.timeout(PROMISED):
            await person.api.until(lambda: any(holds(message.text) for message in person.visible))
    except TimeoutError:
        raise AssertionError(f"not among {[message.text[:120] for message in person.visible]}") from None
    person.has_read()
    return next(message.text for message in person.visible if holds(message.text))
