"""An account of the database with the least rights serves everything, and can neither change the schema nor the log."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import func, select

from bot.face import numbers_postgres as numbers
from bot.face.ledger import Work
from bot.rights import PROOF, RightsError, grant_rights
from bot.settings import Settings
from bot.wiring import open_house
from console.migrations import upgrade as upgrade_console
from console.tables import audit, revision
from content.library import Library
from content.loading import load_library
from demand.database import connect as connect_demand
from demand.migrations import upgrade as upgrade_demand
from demand.simulation import World, live_through
from demand.tables import figure
from referrals.database import Sessions, connect
from referrals.migrations import upgrade as upgrade_directory
from referrals.outcomes import Outcomes
from referrals.slips import Slips
from tests.console.rig import PASSWORD, Rig, accept, built, submit
from tests.postgres import new_database

pytestmark = pytest.mark.postgres
ROLE = "orienta_serves"
NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Server:
    """The two databases, as their owner and as the account that serves reach them."""

    owner: Settings
    serving: Settings


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def server(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Both databases brought up to date by their owner, and rights given by the command's function."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN")
    directory, demand = new_database(postgres), new_database(postgres)
    owner = Settings(
        data_dir=tmp_path_factory.mktemp("rights"), database_url=directory, demand_database_url=demand
    )
    upgrade_directory(directory)
    upgrade_console(directory)
    upgrade_demand(demand)
    said = io.StringIO()
    grant_rights(owner, ROLE, said)
    grant_rights(owner, ROLE, said)  # again, it changes nothing
    assert said.getvalue().count("may serve and cannot change the schema") == 4
    urls = {
        "database_url": directory.replace("://postgres:", f"://{ROLE}:"),
        "demand_database_url": demand.replace("://postgres:", f"://{ROLE}:"),
    }
    assert ROLE in urls["database_url"]
    yield Server(owner, owner.model_copy(update=urls))
    for name in (directory, demand):
        with psycopg.connect(name.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {ROLE}")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP ROLE {ROLE}")


@pytest.fixture
async def rig(server: Server, library: Library) -> AsyncIterator[Rig]:
    """A console over the directory, as the account that serves."""
    sessions = Sessions(connect(server.serving.directory_database))
    yield await built(sessions, library)
    await sessions.close()


async def test_the_console_works_with_the_least_rights(rig: Rig) -> None:
    """Invited, signed in, guessed wrong, a service changed, undone and closed, an account disabled: all noted."""
    admin, _ = await rig.person("root@example.org", "admin", [], "en")
    ana, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito"
    edited = await submit(ana, f"{at}/edit/contact", {"name": "Casa Nueva"})
    assert edited.status_code == 303
    change = edited.headers["location"].rsplit("=", 1)[1]
    undone = await submit(ana, f"/console/changes/{change}/undo", {}, page=edited.headers["location"])
    assert undone.status_code == 303
    assert (await submit(ana, f"{at}/still-correct", {}, page=at)).status_code == 303
    assert "<li>" in (await submit(ana, "/console/me/recovery-codes", {})).text
    wrong = {"email": "ana@example.org", "password": "wrong wrong wrong"}
    assert (await submit(rig.browser(), "/console/sign-in", wrong)).status_code == 401
    right = {"email": "ana@example.org", "password": PASSWORD}
    assert (await submit(rig.browser(), "/console/sign-in", right)).status_code == 303
    await accept(rig.browser(), await rig.invite("bea@example.org", "caseworker", ["quito"]))
    theirs = "/console/accounts/2"
    await submit(admin, theirs, {"role": "coordinator", "places": "quito"})
    assert (await submit(admin, f"{theirs}/disabled", {}, page=theirs)).status_code == 303
    assert (await submit(admin, "/console/sign-out", {}, page="/console/me")).status_code == 303
    async with rig.sessions.reading() as reading:
        assert (await reading.execute(select(func.count()).select_from(audit))).scalar_one() > 10
        assert (await reading.execute(select(func.count()).select_from(revision))).scalar_one() >= 2


async def test_the_rest_of_the_house_works_with_the_least_rights(server: Server, library: Library) -> None:
    """Seeds, links, slips, outcomes, numbers of updates; weeks that are counted, released and vacuumed."""
    async with open_house(server.serving) as wired:
        assert wired.links
        assert await wired.links.listed() == ()
    sessions, places = Sessions(connect(server.serving.directory_database)), library.places
    slips = Slips(sessions, places, b"s" * 32)
    code = await slips.issue("ec-svc-hermano", "shelter.temporary", "quito", NOON)
    assert code
    assert await slips.mark(code, "attended", NOON + timedelta(days=1))
    await Outcomes(sessions, places).record("ec-svc-hermano", "helped", NOON)
    await sessions.close()
    plain = server.serving.directory_database.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
        await numbers.upgrade(connection)
        assert await numbers.note(connection, Work.BEGIN, 7) == 1
        await numbers.prune(connection)
    weeks = [date(2026, 11, 2) + timedelta(days=7 * step) for step in range(2)]
    world = World(places, library.taxonomy, {"quito": 60})
    await asyncio.to_thread(live_through, world, server.serving.demand_database, weeks)
    engine = connect_demand(server.serving.demand_database)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(figure)).scalar_one()
    engine.dispose()


def test_what_is_deleted_is_vacuumed_with_the_least_rights(server: Server) -> None:
    """PostgreSQL skips a table with a mere warning when the account may not vacuum it: none is given."""
    warned: list[str | None] = []
    url = server.serving.demand_database.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: warned.append(notice.message_primary))
        connection.execute("VACUUM (TRUNCATE) half_count, sent_sentence")
        assert not warned
        connection.execute("VACUUM (TRUNCATE) demand_revision")
    assert "permission denied" in str(warned)


@pytest.mark.parametrize(
    "attack",
    [
        *(f"UPDATE {table} SET who = 'nobody'" for table in sorted(PROOF)),
        *(f"DELETE FROM {table}" for table in sorted(PROOF)),
        "TRUNCATE console_audit",
        "DROP TABLE console_audit",
        "ALTER TABLE console_audit ADD COLUMN x integer",
        "ALTER TABLE console_account DISABLE TRIGGER ALL",
        "CREATE TABLE mine (x integer)",
        "CREATE SCHEMA mine",
        "UPDATE directory_revision SET version_num = '0'",
        "DROP TABLE face.updates",
        f"GRANT UPDATE ON console_audit TO {ROLE}",
    ],
)
def test_the_schema_and_the_log_are_out_of_its_reach(server: Server, attack: str) -> None:
    """Each is refused to the account that serves, and done by the owner."""
    serving = server.serving.directory_database.replace("+psycopg", "")
    with psycopg.connect(serving, autocommit=True) as connection:
        if attack.startswith("GRANT"):
            connection.execute(attack)  # a mere warning, and nothing given
            attack = "UPDATE console_audit SET who = 'nobody'"
        with pytest.raises(InsufficientPrivilege):
            connection.execute(attack)
    owner = server.owner.directory_database.replace("+psycopg", "")
    with psycopg.connect(owner) as connection:
        connection.execute(attack)
        connection.rollback()


def test_what_cannot_be_given_is_told(server: Server, tmp_path: Path) -> None:
    """An account that is not there, one that may do all, a database without accounts: each in a sentence."""
    for role, why in (("nobody_here", "There is no account"), ("postgres", "rights do not bind it")):
        with pytest.raises(RightsError, match=why):
            grant_rights(server.owner, role, io.StringIO())
    with pytest.raises(RightsError, match="SQLite file has no accounts"):
        grant_rights(Settings(data_dir=tmp_path), ROLE, io.StringIO())
