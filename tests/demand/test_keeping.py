"""From memory to disk: whole, once a day, nothing of protection before the week is over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select

from demand.counts import Kind
from demand.database import connect, reading, transaction, writing
from demand.halves import read_halves
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import VERSION_TABLE, downgrade, upgrade
from demand.outcomes import Happening, Outcome
from demand.release import close_weeks
from demand.released import Figure, Grid, Release, read_releases
from demand.sentences import Sentences, open_sentences
from demand.store import read_week, rewrite_week
from demand.tables import figure as figure_table
from demand.tables import metadata, open_figure, phrase, sent_sentence
from demand.tables import release as release_table
from demand.weeks import is_settled, period_of, week_of, write_day

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
WEEK = week_of(MONDAY, "America/Guayaquil")


def _keeper(library, engine, moment=MONDAY):
    ledger = Ledger(library.places, library.taxonomy, moment)
    return ledger, Keeper(ledger, engine, library.places, library.taxonomy, moment)


def _ask(ledger, number, need="work.job", moment=MONDAY, place="quito"):
    ledger.count(Happening(place, need, Outcome.ANSWERED, "es"), str(number).encode(), moment)


def test_models_equal_migrated_schema(url, engine):
    """After all steps nothing is left to generate; steps go up twice, down and up again."""
    upgrade(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
    downgrade(url)
    assert set(inspect(engine).get_table_names()) == {VERSION_TABLE}
    upgrade(url)


def test_steps_keep_what_was_released_and_take_the_rest_down(url):
    """From 0001 up and down again with figures in it: they stay, and nothing of the later step is left."""
    upgrade(url, "0001")
    made = connect(url)
    one = Release(Grid.NEED, "quito", WEEK, 4, 672, (Figure(("work.job",), 20),))
    with transaction(made) as connection:
        connection.execute(insert(release_table), {"simulated": False, "grid": "need", "place": "quito", "start": WEEK,
                                                   "weeks": 4, "hours": 672})  # fmt: skip
        connection.execute(insert(figure_table), {"simulated": False, "grid": "need", "place": "quito", "start": WEEK,
                                                  "position": 0, "codes": "work.job", "askers": 20})  # fmt: skip
    upgrade(url)
    with writing(made) as connection:
        connection.execute(insert(phrase), {"start": WEEK, "words": "carpeta azul", "askers": 10})
        connection.execute(insert(sent_sentence), {"number": 1, "text": "x", "language": "es", "day": WEEK})
        connection.execute(
            insert(open_figure), {"week": WEEK, "place": "quito", "need": "work.job", "amount": -2}
        )
    downgrade(url, "0001")
    with reading(made) as connection:
        assert read_releases(connection) == (one,)
    assert not {"phrase", "sent_sentence", "open_figure"} & set(inspect(made).get_table_names())
    upgrade(url)
    with reading(made) as connection:
        assert read_releases(connection) == (one,)
        assert open_sentences(connection, WEEK) == ()
    made.dispose()


def test_sentences_are_written_once_a_day_and_leave_after_seven(library, engine):
    """What was sent waits for the day's write, stays for seven days and is deleted; what is too long is not taken."""
    sentences = Sentences(library.places.all)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY, (sentences,))
    assert sentences.send("quiero revisar mi carpeta azul", "es")
    assert not sentences.send("x y " * 200, "es")
    assert not sentences.send("[...] [...] hola", "es")
    seen = []
    for day in range(9):
        keeper.tick(MONDAY + timedelta(days=day))
        with reading(engine) as connection:
            stored = connection.execute(select(sent_sentence.c.text, sent_sentence.c.language)).all()
        seen.append(len(stored))
    assert seen == [0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert sentences._waiting == []


def test_a_start_after_a_long_stop_deletes_what_is_old(library, engine):
    """A process that was off for weeks takes the sentences of then away before it does anything else."""
    with writing(engine) as connection:
        connection.execute(insert(sent_sentence), {"number": 1, "text": "x", "language": "es", "day": WEEK})
    _, keeper = _keeper(library, engine)
    keeper.clean(MONDAY + timedelta(days=3))
    with reading(engine) as connection:
        assert connection.execute(select(sent_sentence)).all()
    keeper.clean(MONDAY + timedelta(days=30))
    with reading(engine) as connection:
        assert not connection.execute(select(sent_sentence)).all()


def test_no_column_can_hold_a_person():
    """Every table says what it is for; columns are codes, whole numbers and days.

    Words stand in two columns alone: phrases that ten people said, and sentences that their writers chose to send.
    """
    allowed = {"VARCHAR", "DATE", "INTEGER", "BOOLEAN"}
    names = {
        "place", "week", "code", "amount", "period", "kind", "codes", "simulated", "grid", "start", "weeks",
        "hours", "withheld", "position", "askers", "need",
    }  # fmt: skip
    for table in metadata.sorted_tables:
        assert table.comment
        with_words = {"phrase": {"words"}, "sent_sentence": {"number", "text", "language", "day"}}
        assert set(table.columns.keys()) <= names | with_words.get(table.name, set())
        assert {str(column.type).split("(")[0] for column in table.columns} <= allowed
        assert not table.foreign_keys


def test_one_write_a_day(library, lite):
    """The write comes at its hour, once, however often the clock is looked at."""
    ledger, keeper = _keeper(library, lite)
    for number in range(60):
        _ask(ledger, number)
    assert [keeper.tick(MONDAY + timedelta(minutes=minute)) for minute in range(0, 720, 10)] == [False] * 72
    wrote = [keeper.tick(MONDAY + timedelta(minutes=minute)) for minute in range(720, 2160, 10)]
    assert wrote.count(True) == 1


def test_a_restart_adds_to_what_was_kept_and_a_quiet_stop_writes_nothing(library, engine):
    """Counts of an earlier process stay; a stop after nineteen events lets them go, after twenty writes."""
    ledger, keeper = _keeper(library, engine)
    for number in range(20):
        _ask(ledger, number)
    assert keeper.stop(MONDAY + timedelta(hours=1))
    ledger, keeper = _keeper(library, engine, MONDAY + timedelta(hours=2))
    for number in range(19):
        _ask(ledger, number)
    assert not keeper.stop(MONDAY + timedelta(hours=3))
    _ask(ledger, 19)
    assert keeper.stop(MONDAY + timedelta(hours=3))
    with reading(engine) as connection:
        counts = read_week(connection, WEEK)
    assert counts[Kind.NEED]["quito", "work.job"] == 40
    assert counts[Kind.HOURS]["quito", "all"] == 2


def test_protection_reaches_the_disk_when_its_week_is_over(library, lite):
    """All week long the protection table is empty."""
    ledger, keeper = _keeper(library, lite)
    for number in range(60):
        _ask(ledger, number, "protection.threats")
        _ask(ledger, number, "work.job")
    seen = []
    for hour in range(24 * 8):
        keeper.tick(MONDAY + timedelta(hours=hour))
        with reading(lite) as connection:
            seen.append(read_week(connection, WEEK)[Kind.PROTECTION]["quito", "protection"])
    assert set(seen) == {0}
    with reading(lite) as connection:
        # It was the second week of a period: its exact count went straight into the half, which coins blur by one.
        half = read_halves(connection, period_of(WEEK))["quito", Kind.PROTECTION]
    assert half in [{("protection",): count} for count in (59, 60, 61)]


def test_closing_again_changes_no_byte(library, tmp_path):
    """A second close finds nothing to do: file and log are the same bytes."""
    from demand.database import connect

    url = f"sqlite+aiosqlite:///{tmp_path}/d.sqlite3"
    upgrade(url)
    engine = connect(url)
    ledger, keeper = _keeper(library, engine)
    for number in range(300):
        _ask(ledger, number, "work.job")
        _ask(ledger, number, "health.care")
    after = MONDAY + timedelta(days=8)
    keeper.write(after)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for _ in range(2):
        with writing(engine) as connection:
            assert close_weeks(connection, after, library.places, library.taxonomy) == []
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    engine.dispose()


def test_late_counts_of_a_released_week_are_dropped(library, lite):
    """What was published once is never computed again."""
    ledger, keeper = _keeper(library, lite)
    for number in range(100):
        _ask(ledger, number)
    keeper.write(MONDAY + timedelta(days=8))
    with writing(lite) as connection:
        published = read_releases(connection)
        rewrite_week(connection, WEEK, {Kind.NEED: {("quito", "work.job"): 999}}, over=True)
        close_weeks(connection, MONDAY + timedelta(days=9), library.places, library.taxonomy)
        assert read_releases(connection) == published


def test_a_place_with_few_askers_says_so(library, lite):
    """Below fifty askers the place's own tables are withheld with the reason, and not silently missing."""
    ledger, keeper = _keeper(library, lite)
    for number in range(49):
        _ask(ledger, number)
    keeper.write(MONDAY + timedelta(days=8))
    with reading(lite) as connection:
        releases = {(one.grid, one.place): one for one in read_releases(connection)}
    assert "fewer than 50" in releases[Grid.SECTOR, "quito"].withheld
    assert releases[Grid.EVERYWHERE, "all"].figures


def test_weeks_and_periods_stand_still(library):
    """Periods are fixed blocks of four weeks; the day of writing changes at four o'clock in Quito."""
    assert period_of(WEEK) <= WEEK < period_of(WEEK) + timedelta(days=28)
    assert len({period_of(WEEK + timedelta(days=day)) for day in range(28 * 13)}) in (13, 14)
    places = library.places.all
    assert write_day(datetime(2026, 3, 9, 8, 59, tzinfo=UTC), places).isoformat() == "2026-03-08"
    assert write_day(datetime(2026, 3, 9, 9, 0, tzinfo=UTC), places).isoformat() == "2026-03-09"
    assert not is_settled(WEEK, datetime(2026, 3, 9, 8, tzinfo=UTC), places)
    assert is_settled(WEEK, datetime(2026, 3, 9, 9, tzinfo=UTC), places)


async def test_the_keeper_writes_beside_the_counting_and_on_a_stop(library, url, monkeypatch):
    """While questions are counted the keeper writes in its thread; a broken database costs counts and nothing else."""
    monkeypatch.setattr("demand.keeping._LOOK_EVERY_SECONDS", 0.01)
    await asyncio.to_thread(upgrade, url)
    engine = connect(url)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY)
    stop, hours = asyncio.Event(), count()
    running = asyncio.create_task(keeper.run(stop, lambda: MONDAY + timedelta(hours=next(hours))))
    for number in range(3000):
        _ask(ledger, number)
        if number % 20 == 0:
            await asyncio.sleep(0.001)
    stop.set()
    await running
    with reading(engine) as connection:
        released = any(one.start == WEEK for one in read_releases(connection))
        assert released or read_week(connection, WEEK)[Kind.NEED]["quito", "work.job"] > 0
    engine.dispose()

    def broken(moment: datetime) -> bool:
        raise OSError("away")

    keeper._try(broken, MONDAY)
