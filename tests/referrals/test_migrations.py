"""The schema is made by steps, says what the models say, and can be taken back with data in it."""

from __future__ import annotations

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, text

from referrals.database import Sessions, connect
from referrals.loading import load_seeds, read_seeds
from referrals.migrations import VERSION_TABLE, downgrade, upgrade
from referrals.tables import Base


def _sync(url: str):
    made = make_url(url)
    return create_engine(made.set(drivername="sqlite") if made.get_backend_name() == "sqlite" else made)


def test_models_equal_migrated_schema(url: str):
    """After all steps nothing is left to generate."""
    upgrade(url)
    engine = _sync(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_up_twice_down_with_data_and_up_again(url: str):
    """Going up is idempotent; going down with data leaves no table of ours; going up again works."""
    upgrade(url)
    upgrade(url)

    async def fill() -> None:
        sessions = Sessions(connect(url))
        await load_seeds(sessions, read_seeds()[0])
        await sessions.close()

    asyncio.run(fill())
    downgrade(url)
    engine = _sync(url)
    assert set(inspect(engine).get_table_names()) == {VERSION_TABLE}
    upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM version")).scalar_one() == 0
    engine.dispose()


def test_every_table_says_what_it_is_for():
    """A comment on every table, and no column that could hold a person who asked."""
    for table in Base.metadata.sorted_tables:
        assert table.comment, table.name
        assert not {"chat_id", "user_id", "person"} & set(table.columns.keys())


def test_what_is_there_is_found_by_the_database_after_the_step(url: str):
    """Names and addresses that were written before the step are folded by it, and going back loses nothing else."""
    upgrade(url)
    engine = _sync(url)

    async def fill() -> None:
        sessions = Sessions(connect(url))
        await load_seeds(sessions, read_seeds()[0])
        await sessions.close()

    def folded_ones() -> list[list[tuple[str, str]]]:
        queries = ("SELECT id, folded_name FROM organization", "SELECT id, folded_name FROM service",
                   "SELECT id, folded_address FROM location")  # fmt: skip
        with engine.connect() as connection:
            return [sorted(tuple(row) for row in connection.execute(text(query))) for query in queries]

    asyncio.run(fill())
    written = folded_ones()
    assert all(name for _, name in written[1])
    downgrade(url, "0003")
    upgrade(url)
    assert folded_ones() == written
    engine.dispose()
