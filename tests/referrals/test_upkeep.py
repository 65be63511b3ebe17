"""A caseworker's line becomes a difference, the difference a dated change with a name, and the change ends by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from content.loading import load_library
from referrals.change_words import KINDS, Change, change_of, names_change, read_change
from referrals.database import Sessions
from referrals.directory import DatabaseSource, Directory
from referrals.doors import Found, Request
from referrals.loading import load_seeds, read_seeds
from referrals.outcomes import Outcomes
from referrals.tables import Change as History
from referrals.upkeep import NotYoursError, Upkeep

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
HOUSE, ANA = "ec-svc-hermano", "ana@example.org"


@pytest.mark.parametrize(("line", "change"), [
    ("Casa del Hermano cerrado hoy", Change("closed", FRIDAY, name="Casa del Hermano")),
    ("casa del hermano: cerrada hasta el lunes", Change("closed", date(2026, 11, 30), name="casa del hermano")),
    ("lleno hasta el lunes", Change("full", date(2026, 11, 30))),
    ("Hermano lleno", Change("full", FRIDAY, name="Hermano")),
    ("Hermano sin cupo hasta el 5 de diciembre", Change("full", date(2026, 12, 5), name="Hermano")),
    ("Casa Azul lotada até sexta-feira", Change("full", date(2026, 12, 4), name="Casa Azul")),
    ("A Casa Azul está fechada até 3/1", Change("closed", date(2027, 1, 3), name="Casa Azul")),
    ("Casa Azul cheia até amanhã", Change("full", date(2026, 11, 28), name="Casa Azul")),
    ("Blue House closed until further notice", Change("closed", None, name="Blue House")),
    ("Blue House full until Sunday", Change("full", date(2026, 11, 29), name="Blue House")),
    ("Hermano cerrado una semana", Change("closed", date(2026, 12, 4), name="Hermano")),
    ("Hermano cerrado por una semana", Change("closed", date(2026, 12, 4), name="Hermano")),
    ("Casa Azul closed for two weeks", Change("closed", date(2026, 12, 11), name="Casa Azul")),
    ("Hermano abierto otra vez", Change("open", name="Hermano")),
    ("Hermano ya hay cupo", Change("room", name="Hermano")),
    ("Casa Azul tem vagas", Change("room", name="Casa Azul")),
    ("Hermano teléfono nuevo 02 299 3299", Change("phone", phone="02 299 3299", name="Hermano")),
    ("Casa Azul novo telefone: +55 11 3333-4444", Change("phone", phone="+55 11 3333-4444", name="Casa Azul")),
    ("new phone for Blue House", None),
    ("Hermano cerrado hasta el 30 de febrero", None),
    ("Hermano cerrado hasta el jueves santo que viene no sé", Change("closed", date(2026, 12, 3), name="Hermano santo que viene no sé")),
    ("¿está cerrado hoy?", None),
    ("necesito comida", None),
    ("cerrado hasta 1/1/2020", None),
])  # fmt: skip
def test_lines_are_read(line: str, change: Change | None) -> None:
    """As they are written, in three languages; what is no change or no day is not one."""
    assert read_change(line, FRIDAY) == change


@given(st.text(max_size=200), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_any_text_is_a_change_or_none(text: str, today: date) -> None:
    """Nothing breaks it; a change never ends in the past, and comes back from its short form."""
    change = read_change(text, today)
    if change is not None:
        assert change.kind in KINDS
        assert change.until is None or change.until >= today
        assert change_of(change.kind, change.value) == Change(change.kind, change.until, change.phone)
        assert names_change(text)


@given(
    st.sampled_from(["cerrado", "fechado", "closed", "lleno", "lotado", "full"]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_every_day_of_the_next_year_can_be_said(word: str, day: date) -> None:
    """Written as day, month and year, it is that day, or refused because it is over or too far."""
    today = date(2026, 11, 27)
    change = read_change(f"Casa Azul {word} hasta el {day:%d/%m/%Y}", today)
    if today <= day <= today + timedelta(days=366):
        assert change is not None
        assert change.until == day
    else:
        assert change is None


@pytest.fixture
async def stocked(sessions: Sessions) -> Sessions:
    """A directory with its seeds."""
    await load_seeds(sessions, read_seeds()[0])
    return sessions


async def test_a_closure_is_shown_done_dated_and_ends(stocked: Sessions) -> None:
    """The preview changes nothing; done, people are routed elsewhere until its last day, and not a day longer."""
    library = load_library()
    upkeep, places = Upkeep(stocked, library.places), ("quito",)
    change = Change("closed", date(2026, 12, 4))
    shown = await upkeep.preview(HOUSE, change, NOON, places)
    assert (shown.before, shown.after) == ((), ("2026-11-27/2026-12-04",))
    assert (await upkeep.preview(HOUSE, change, NOON, places)).before == ()
    await upkeep.apply(HOUSE, change, NOON, places, ANA)
    again = await upkeep.apply(HOUSE, change, NOON, places, ANA)
    assert not again.is_one
    directory = Directory(DatabaseSource(stocked), library.places, lambda: NOON)
    for day, offered in ((0, False), (7, False), (8, True)):
        request = Request("shelter.temporary", "quito", NOON + timedelta(days=day), "es")
        everything: list[str] = []
        while (page := await directory.doors(request)).outcome == Found.FOUND and page.doors:
            everything += [door.service_id for door in page.doors]
            request = Request(request.need, request.place, request.moment, "es", skip=tuple(everything))
            if not page.more:
                break
        assert (HOUSE in everything) is offered, day
    async with stocked.reading() as session:
        [row] = (await session.execute(select(History))).scalars().all()
    assert (row.who, row.field, row.service_id, row.before) == (ANA, "closures", HOUSE, "[]")


async def test_full_open_and_telephones(stocked: Sessions) -> None:
    """Each is written and taken back; a new telephone comes first and the old one stays behind it."""
    upkeep, places = Upkeep(stocked, load_library().places), ("quito", "ecuador")
    await upkeep.apply(HOUSE, Change("full", date(2026, 11, 30)), NOON, places, ANA)
    longer = await upkeep.apply(HOUSE, Change("full", date(2026, 12, 2)), NOON, places, ANA)
    assert (longer.before, longer.after) == (("2026-11-30",), ("2026-12-02",))
    assert (await upkeep.apply(HOUSE, Change("room"), NOON, places, ANA)).after == ()
    await upkeep.apply(HOUSE, Change("closed"), NOON, places, ANA)
    assert (await upkeep.apply(HOUSE, Change("open"), NOON, places, ANA)).before == ("2026-11-27/",)
    for number in ("02 299 3299", "02 299 3300", "02 299 3299"):
        found = await upkeep.apply(HOUSE, Change("phone", phone=number), NOON, places, ANA)
    assert found.after == ("02 299 3299", "02 299 3300")
    directory = Directory(DatabaseSource(stocked), load_library().places, lambda: NOON)
    door = await directory.service(HOUSE)
    assert door
    assert [phone.number for phone in door.phones] == ["02 299 3299", "02 299 3300"]


async def test_nobody_changes_another_place(stocked: Sessions) -> None:
    """Neither seen nor written, and the seeds do not overwrite what a caseworker did."""
    upkeep = Upkeep(stocked, load_library().places)
    for wrong in (("san-luis",), ()):
        with pytest.raises(NotYoursError):
            await upkeep.preview(HOUSE, Change("closed"), NOON, wrong)
        with pytest.raises(NotYoursError):
            await upkeep.apply(HOUSE, Change("closed"), NOON, wrong, ANA)
        assert not await upkeep.reviewed(HOUSE, wrong)
    await upkeep.apply(HOUSE, Change("closed"), NOON, ("quito",), ANA)
    await load_seeds(stocked, read_seeds()[0])
    assert (await upkeep.preview(HOUSE, Change("open"), NOON, ("quito",))).before == ("2026-11-27/",)


async def test_a_change_answers_the_reports(stocked: Sessions) -> None:
    """Whoever changes a flagged service has looked at it."""
    outcomes = Outcomes(stocked, load_library().places)
    for _ in range(2):
        await outcomes.record(HOUSE, "refused", NOON)
    upkeep = Upkeep(stocked, load_library().places, outcomes)
    assert len(await upkeep.flagged(NOON, ("quito",))) == 1
    await upkeep.apply(HOUSE, Change("full", date(2026, 11, 30)), NOON, ("quito",), ANA)
    assert await upkeep.flagged(NOON, ("quito",)) == ()
