"""The one place that builds: settings go in, a house with everything in it comes out.

Nothing else in the code knows which implementation is in use, and importing this builds nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.buttons import Buttons
from bot.logs import get_log
from bot.sessions import Sessions
from bot.settings import Settings
from bot.standing_in import SourceWithSeeds, goes_on, is_held, kept_alive, key_of
from bot.turn import Turn
from bot.turn.house import House, Unread
from bot.web.watch import Check, Metrics
from content.library import Library
from content.loading import Shelf, load_library
from demand.outcomes import Counter, Happening
from nlu.reading import Interpreter

if TYPE_CHECKING:
    import httpx
    from starlette.routing import BaseRoute, Route
    from starlette.types import ASGIApp

    from bot.face import TelegramFace
    from bot.linked import Links
    from bot.notices import Notices
    from nlu.embedded.engine import EmbeddedInterpreter
    from nlu.language import LanguageModel
    from referrals.corrections import Corrections
    from referrals.database import Sessions as DirectorySessions
    from referrals.directory import Directory
    from referrals.loading import SeedProblem
    from referrals.outcomes import Outcomes
    from referrals.records import ServiceRecord
    from referrals.slips import Slips
    from referrals.upkeep import Upkeep

_log = get_log("wiring")
Part = Callable[[asyncio.Event], Coroutine[None, None, None]]


@dataclass
class Wired:
    """A built house. `parts` run beside the web until they are told to stop."""

    turn: Turn
    metrics: Metrics
    checks: dict[str, Check] = field(default_factory=dict)
    mounts: dict[str, ASGIApp] = field(default_factory=dict)
    routes: list[BaseRoute] = field(default_factory=list)
    links: Links | None = None
    notices: Notices | None = None
    parts: list[Part] = field(default_factory=list)
    # Reads the content again; the problems that kept the old in use, none when the new one is.
    reload: Callable[..., tuple[str, ...]] = lambda: ()


@dataclass(frozen=True)
class Feedback:
    """What people, desks and linked caseworkers say of services."""

    outcomes: Outcomes
    corrections: Corrections
    slips: Slips
    upkeep: Upkeep
    links: Links
    notices: Notices


class NothingCounted:
    """Counts nothing: for the terminal, where the one who writes tries the assistant out."""

    def count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        """Let it go."""


class NothingRecorded:
    """Keeps no outcome of a door: for the terminal, as above."""

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        """Let it go."""


def now() -> datetime:
    """The clock of the product; everything else is handed the moment."""
    return datetime.now(UTC)


def codes_of(library: Library) -> list[str]:
    """Every code that a button may name, of places and languages in preparation too."""
    places = [place.code for place in library.places.all]
    return [*library.taxonomy.needs, *places, *library.collection.languages]


def embedded_interpreter(model: Path | None = None, encoder_dir: Path | None = None) -> EmbeddedInterpreter:
    """The engine inside this process, beside the sentence encoder of a folder where one is named."""
    from nlu.embedded.engine import embedded_interpreter as build

    return build(model, encoder_dir)


def telegram_face(settings: Settings, wired: Wired) -> TelegramFace | None:
    """Telegram if a token is set: its library is loaded for those alone who use it."""
    if settings.telegram_token is None:
        return None
    from bot.face import TelegramFace

    return TelegramFace(settings, wired.turn, links=wired.links, notices=wired.notices)


def rasa_interpreter(
    settings: Settings, client: httpx.AsyncClient, language: LanguageModel | None
) -> Interpreter:
    """A Rasa server over HTTP, with nothing behind it."""
    from nlu.rasa_client import RasaInterpreter

    return RasaInterpreter(settings.rasa_url or "http://127.0.0.1:5005", client, language)


async def open_interpreter(settings: Settings, stack: AsyncExitStack) -> Interpreter:
    """Rasa with the embedded engine behind it when its address is set; the embedded engine otherwise."""
    embedded = await asyncio.to_thread(embedded_interpreter, None, settings.encoder_dir)
    if not settings.rasa_url:
        return embedded
    import httpx

    from nlu.fallback import FallbackInterpreter

    client = await stack.enter_async_context(httpx.AsyncClient())
    rasa = rasa_interpreter(settings, client, embedded.model.language)
    return FallbackInterpreter(rasa, embedded, lambda reason: _log.warning("rasa unreachable", reason=reason))


@asynccontextmanager
async def open_house(settings: Settings, *, serving: bool = True) -> AsyncIterator[Wired]:
    """Everything, opened; closed again when the block ends. Not `serving`: no console, nothing counted."""
    async with AsyncExitStack() as stack:
        key = key_of(settings)
        library, interpreter = await asyncio.gather(
            asyncio.to_thread(load_library, settings.content_root), open_interpreter(settings, stack)
        )
        held = await asyncio.to_thread(is_held, settings.directory_database)
        sessions = await open_directory_sessions(settings, stack, needed=False, held=held)
        directory = await read_directory(settings, library, sessions, held=held)
        loop = build_feedback(sessions, library, key) if serving else None
        counter, unread, parts = (
            await open_demand(settings, library, stack) if serving else (NothingCounted(), None, [])
        )
        metrics = Metrics()
        shelf = Shelf(library)
        buttons = Buttons(key, codes_of(library))
        house = House(
            interpreter=interpreter,
            library=lambda: shelf.library,
            directory=directory,
            counter=counter,
            recorder=loop.outcomes if loop else NothingRecorded(),
            buttons=buttons,
            clock=now,
            slips=loop.slips if loop else None,
            proposals=loop.corrections if loop else None,
            upkeep=loop.upkeep if loop else None,
            desk_url=f"{settings.public_url}/desk" if settings.public_url else "",
            observe=metrics.observe,
            unread=unread,
        )
        wired = Wired(Turn(house, Sessions(now)), metrics, {"directory": directory.refresh}, parts=parts)

        def reload(root: Path = settings.content_root) -> tuple[str, ...]:
            problems = shelf.reload(root)
            buttons.learn(codes_of(shelf.library))
            return problems

        wired.reload = reload
        if loop:
            wired.links = loop.links
            wired.notices = loop.notices
            wired.routes += desk_routes(loop, directory, lambda: shelf.library)
        if serving:
            wired.routes += open_routes(library, directory, sessions)
            await mount_console(wired, settings, sessions, directory, lambda: shelf.library, key, held=held)
        if held:
            wired.parts.append(
                kept_alive("directory", partial(_catch_up, settings, library, sessions, directory))
            )
        yield wired


def build_feedback(sessions: DirectorySessions, library: Library, key: bytes) -> Feedback:
    """What closes the loop between person, desk and directory."""
    from bot.linked import Links
    from bot.notices import Notices
    from console import records
    from referrals.corrections import Corrections
    from referrals.outcomes import Outcomes
    from referrals.slips import Slips
    from referrals.upkeep import Upkeep

    outcomes, links = Outcomes(sessions, library.places), Links(sessions, key, now)
    return Feedback(
        outcomes,
        Corrections(sessions, library.places),
        Slips(sessions, library.places, key),
        Upkeep(sessions, library.places, outcomes, remember=records.changed_in_chat),
        links,
        Notices(links, outcomes, library.places, now),
    )


def desk_routes(loop: Feedback, directory: Directory, library: Callable[[], Library]) -> list[Route]:
    """The page where desks mark slips."""
    from bot.web.desk import Desk

    return Desk(loop.slips, directory, library, now).routes()


def open_routes(library: Library, directory: Directory, sessions: DirectorySessions) -> list[Route]:
    """The directory for everybody, in HSDS."""
    from referrals.exchange.api import hsds_routes
    from referrals.exchange.changed import last_changes

    titles = {need.code: need.title("es") for need in library.taxonomy.needs.values()}
    return hsds_routes(directory, titles, changed=partial(last_changes, sessions))


async def mount_console(
    wired: Wired,
    settings: Settings,
    sessions: DirectorySessions,
    directory: Directory,
    library: Callable[[], Library],
    key: bytes,
    *,
    held: bool = False,
) -> None:
    """The console at `/console`; without its database there is none, and people are answered all the same.

    A database that is `held` will be brought up to date later: the console is there and works when it is free.
    """
    from sqlalchemy.exc import SQLAlchemyError
    from starlette.responses import RedirectResponse
    from starlette.routing import Route

    from bot.schema import bring_up_to_date
    from bot.turn.doors_text import door_text
    from console import migrations
    from console.opening import open_console

    try:
        if not held:
            await asyncio.to_thread(bring_up_to_date, migrations, settings.directory_database)
        wired.mounts["/console"] = open_console(
            sessions, library, directory, now, key, door_text,
            settings.demand_database, settings.public_url, wired.links,
        )  # fmt: skip
    except (SQLAlchemyError, OSError) as error:
        _log.error("console not served", reason=type(error).__name__)
        return
    # A mount answers below its path only, and the chat takes what is left.
    wired.routes.append(Route("/console", lambda request: RedirectResponse(f"{request.url.path}/")))


async def open_demand(
    settings: Settings, library: Library, stack: AsyncExitStack
) -> tuple[Counter, Unread, list[Part]]:
    """The open week in memory, and the part that keeps it once a day and releases it when it is over."""
    from bot.schema import bring_up_to_date
    from demand import migrations
    from demand.database import connect
    from demand.keeping import Keeper
    from demand.ledger import Ledger
    from demand.open_data import noise_if_installed
    from demand.sentences import Sentences
    from demand.wordings import Wordings

    ledger = Ledger(library.places, library.taxonomy, now())
    known = words_of_our_texts(library)
    wordings, sentences = Wordings(known, library.places), Sentences(library.places.all)
    engine = connect(settings.demand_database)
    stack.callback(engine.dispose)
    keepers: list[Keeper] = []

    def make() -> Keeper:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        bring_up_to_date(migrations, settings.demand_database)
        beside, noise = (wordings, sentences), noise_if_installed()
        keeper = Keeper(ledger, engine, library.places, library.taxonomy, now(), beside, noise)
        keeper.clean(now())
        return keeper

    async def keep(stop: asyncio.Event) -> None:
        # Once alone: a second keeper would take this process's own counts for those of an earlier one.
        if not keepers:
            keepers.append(await asyncio.to_thread(make))
        await keepers[0].run(stop, now)

    return ledger, Unread(wordings, sentences, known), [kept_alive("demand", keep)]


def words_of_our_texts(library: Library) -> Mapping[str, str]:
    """The words of the answers in every language: what may be kept of a message that was not understood."""
    from demand.wordings import vocabulary

    parts = (part for answer in library.collection.answers.values() for part in answer.parts)
    return vocabulary(text for part in parts for text in part.texts.values())


async def open_directory(settings: Settings, library: Library, stack: AsyncExitStack) -> Directory:
    """The service directory: its schema brought up to date, its seeds loaded, its first state read."""
    return await read_directory(settings, library, await open_directory_sessions(settings, stack))


async def read_directory(
    settings: Settings, library: Library, sessions: DirectorySessions, *, held: bool = False
) -> Directory:
    """The service directory of a database: its seeds loaded, its first state read. Not of one that is `held`."""
    from referrals.directory import DatabaseSource, Directory

    source = SourceWithSeeds(DatabaseSource(sessions), lambda: _seeds_of(settings, library)()[0], held=held)
    directory = Directory(source, library.places, now)
    await directory.refresh()

    async def load() -> None:
        if await _load_new_seeds(settings, library, sessions, known=bool(directory.snapshot.by_id)):
            await directory.refresh()

    if source.was_read:
        await goes_on("seeds", load)
    return directory


async def open_directory_sessions(
    settings: Settings, stack: AsyncExitStack, *, needed: bool = True, held: bool = False
) -> DirectorySessions:
    """The directory's database with its schema brought up to date; not `needed`: opened as it is, if it must."""
    from bot.schema import bring_up_to_date
    from referrals import migrations
    from referrals.database import Sessions as DirectorySessions
    from referrals.database import connect

    async def bring() -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(bring_up_to_date, migrations, settings.directory_database)

    if not held:
        await (bring() if needed else goes_on("directory", bring))
    sessions = DirectorySessions(connect(settings.directory_database))
    stack.push_async_callback(sessions.close)
    return sessions


async def _catch_up(
    settings: Settings,
    library: Library,
    sessions: DirectorySessions,
    directory: Directory,
    stop: asyncio.Event,
) -> None:
    """What a start leaves undone while somebody holds the database."""
    from bot.schema import bring_up_to_date
    from console import migrations as of_console
    from referrals import migrations

    _log.error("the directory's database is held by another program; the seeds of this version answer")
    for room in (migrations, of_console):
        await asyncio.to_thread(bring_up_to_date, room, settings.directory_database)
    if await directory.refresh():
        await _load_new_seeds(settings, library, sessions, known=bool(directory.snapshot.by_id))
    await stop.wait()


async def _load_new_seeds(
    settings: Settings, library: Library, sessions: DirectorySessions, *, known: bool
) -> bool:
    """Load the seeds unless these very seeds were loaded before; reading them takes half of a second start."""
    from referrals.loading import load_seeds

    mark = settings.data_dir / "seeds.mark"
    contents = b"".join(path.read_bytes() for path in sorted(settings.services_root.glob("*.yml")))
    fingerprint = hashlib.sha256(contents).hexdigest()
    if known and mark.is_file() and mark.read_text("utf-8") == fingerprint:
        return False
    records, problems = await asyncio.to_thread(_seeds_of(settings, library))
    for problem in problems:
        _log.error("seed problem", where=f"{problem.file}: {problem.entry}", reason=problem.what)
    if not problems:
        await load_seeds(sessions, records)
        mark.write_text(fingerprint, "utf-8")
    return not problems


def _seeds_of(
    settings: Settings, library: Library
) -> Callable[[], tuple[tuple[ServiceRecord, ...], tuple[SeedProblem, ...]]]:
    """Reads the seeds, which may name what the library knows and nothing else."""
    from referrals.loading import read_seeds

    places = {code for place in library.places.all for code in (place.code, place.country)}
    return partial(read_seeds, settings.services_root, needs=library.taxonomy.needs, places=places)
