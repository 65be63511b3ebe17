"""What came of it is counted against the service, and two equal troubles call for somebody to look."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from content.loading import load_library
from referrals.corrections import WRONG, Corrections, clean_value
from referrals.database import Sessions
from referrals.loading import load_seeds, read_seeds
from referrals.outcomes import TROUBLE, Outcomes
from referrals.tables import REPORT_KINDS, Correction, Phone, Report

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
HOUSE = "ec-svc-hermano"


@pytest.fixture
async def stocked(sessions: Sessions) -> Sessions:
    """A directory with its seeds."""
    await load_seeds(sessions, read_seeds()[0])
    return sessions


@pytest.fixture
def outcomes(stocked: Sessions) -> Outcomes:
    return Outcomes(stocked, load_library().places)


async def test_two_equal_troubles_within_a_month_flag(outcomes: Outcomes) -> None:
    """One report, or two different ones, do not; two equal ones do; a month later they do no more."""
    await outcomes.record(HOUSE, "refused", NOON)
    await outcomes.record(HOUSE, "full", NOON)
    assert await outcomes.flagged(NOON) == ()
    await outcomes.record(HOUSE, "refused", NOON + timedelta(days=3))
    [flag] = await outcomes.flagged(NOON + timedelta(days=3))
    assert (flag.service_id, flag.kind, flag.count, flag.place) == (HOUSE, "refused", 2, "quito")
    assert await outcomes.flagged(NOON + timedelta(days=31)) == ()


async def test_a_review_takes_the_flag_away_and_keeps_the_count(outcomes: Outcomes) -> None:
    """What is reported after it counts anew."""
    for _ in range(3):
        await outcomes.record(HOUSE, "closed", NOON)
    await outcomes.reviewed(HOUSE)
    assert await outcomes.flagged(NOON) == ()
    await outcomes.record(HOUSE, "closed", NOON)
    assert await outcomes.flagged(NOON) == ()
    await outcomes.record(HOUSE, "closed", NOON)
    assert [flag.count for flag in await outcomes.flagged(NOON)] == [2]
    assert await outcomes.counts(HOUSE, date(2026, 11, 1)) == {"closed": 5}


async def test_money_and_refusals_reach_coordinators_at_once(outcomes: Outcomes) -> None:
    """One report is enough, of their own places alone."""
    await outcomes.record(HOUSE, "asked_for_money", NOON)
    await outcomes.record(HOUSE, "could_not_get_there", NOON)
    assert [one.kind for one in await outcomes.for_coordinators(NOON)] == ["asked_for_money"]
    assert await outcomes.for_coordinators(NOON, ["sao-paulo"]) == ()
    assert len(await outcomes.for_coordinators(NOON, ["quito"])) == 1


async def test_many_at_once_lose_no_report(outcomes: Outcomes) -> None:
    """Twenty people at the same moment are twenty."""
    await asyncio.gather(*(outcomes.record(HOUSE, "full", NOON) for _ in range(20)))
    assert await outcomes.counts(HOUSE, date(2026, 11, 1)) == {"full": 20}


async def test_helped_never_flags_and_every_kind_is_taken(outcomes: Outcomes) -> None:
    """A kind that is not in the list is refused; a service that is gone is let go."""
    for kind in REPORT_KINDS:
        await outcomes.record(HOUSE, kind, NOON)
        await outcomes.record(HOUSE, kind, NOON)
    assert {flag.kind for flag in await outcomes.flagged(NOON)} == set(TROUBLE)
    await outcomes.record("nobody-knows-this", "full", NOON)
    with pytest.raises(ValueError, match="not an outcome"):
        await outcomes.record(HOUSE, "bribed", NOON)


async def test_a_day_is_the_day_of_the_place(outcomes: Outcomes, stocked: Sessions) -> None:
    """Two in the morning in Greenwich is still yesterday in Quito."""
    await outcomes.record(HOUSE, "full", datetime(2026, 11, 28, 2, 0, tzinfo=UTC))
    async with stocked.reading() as session:
        assert (await session.execute(select(Report.day))).scalar_one() == date(2026, 11, 27)


async def test_a_correction_changes_nothing_by_itself(stocked: Sessions) -> None:
    """It is counted, shown to caseworkers, and its value is gone once decided."""
    corrections = Corrections(stocked, load_library().places)
    for _ in range(2):
        await corrections.propose(HOUSE, "phone", NOON, "+593 2 299 3299")
    await corrections.propose(HOUSE, "gone", NOON)
    found = {(one.field, one.value): one for one in await corrections.open_ones(["quito"])}
    assert found["phone", "+593 2 299 3299"].count == 2
    assert await corrections.open_ones(["san-luis"]) == ()
    async with stocked.reading() as session:
        phones = (
            (await session.execute(select(Phone.number).where(Phone.service_id == HOUSE))).scalars().all()
        )
    assert "+593 2 299 3299" not in phones
    assert await corrections.decide(found["phone", "+593 2 299 3299"].number, accepted=True)
    assert not await corrections.decide(found["phone", "+593 2 299 3299"].number, accepted=True)
    async with stocked.reading() as session:
        assert set((await session.execute(select(Correction.value))).scalars()) == {""}


@pytest.mark.parametrize("text", [
    "me pegan y tengo miedo", "me llamo Ana y mi cédula es 1712345678", "ana@example.org, calle 5", "tengo 2 hijos", "",
])  # fmt: skip
def test_a_persons_words_are_not_a_value(text: str) -> None:
    """Neither an address nor a telephone is read into what somebody says about themselves."""
    assert all(clean_value(field, text) is None for field in WRONG)


@given(st.text(max_size=200), st.sampled_from(WRONG))
def test_a_value_is_one_short_line(text: str, field: str) -> None:
    """Whatever is typed: no line break, no long text, and nothing for a field without a value."""
    value = clean_value(field, text)
    if value is not None:
        assert field in ("phone", "address")
        assert len(value) <= 120
        assert "\n" not in value


def test_values_that_fit_are_taken() -> None:
    """As people write them."""
    assert clean_value("phone", " 02 299  3299 ") == "02 299 3299"
    assert clean_value("address", "Av. 10 de Agosto N34-12 y Carrión") == "Av. 10 de Agosto N34-12 y Carrión"
    assert clean_value("address", "Rua do Glicério, 225") == "Rua do Glicério, 225"
