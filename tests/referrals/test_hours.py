"""Opening hours: holidays count, unknown stays unknown, and times are told in the place's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.doors import Opening, State
from referrals.hours import Calendar, opening

QUITO = Calendar("EC", "America/Guayaquil")
SAO_PAULO = Calendar("BR", "America/Sao_Paulo")
OFFICE = "Mo-Fr 08:00-17:00"


def at(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.time_zone))


@pytest.mark.parametrize(
    ("moment", "state", "until", "opens"),
    [
        ("2026-11-11T10:00", State.OPEN, "2026-11-11T17:00", None),
        ("2026-11-11T07:59", State.CLOSED, None, "2026-11-11T08:00"),
        ("2026-11-13T17:00", State.CLOSED, None, "2026-11-16T08:00"),
        ("2026-11-14T10:00", State.CLOSED, None, "2026-11-16T08:00"),
    ],
)
def test_an_office_opens_and_closes_at_its_minute(moment, state, until, opens):
    """Open from the first minute, closed from the last one, and the next opening skips the weekend."""
    found = opening(OFFICE, "regular", at(QUITO, moment), QUITO)
    assert found.state is state
    assert found.until == (at(QUITO, until) if until else None)
    assert found.opens == (at(QUITO, opens) if opens else None)


def test_a_holiday_of_which_the_hours_say_nothing_is_unknown():
    """10 August is a holiday in Ecuador: we do not promise an open door, nor a closed one."""
    found = opening(OFFICE, "regular", at(QUITO, "2026-08-10T10:00"), QUITO)
    assert found.state is State.UNKNOWN
    assert found.opens == at(QUITO, "2026-08-11T08:00")


def test_hours_that_name_holidays_are_believed():
    """With "PH off" the holiday is closed; the same day elsewhere is a working day."""
    assert opening(OFFICE + "; PH off", "regular", at(QUITO, "2026-08-10T10:00"), QUITO).state is State.CLOSED
    assert opening(OFFICE, "regular", at(SAO_PAULO, "2026-08-10T10:00"), SAO_PAULO).state is State.OPEN


def test_open_hours_end_before_a_holiday_starts_the_next_opening_after_it():
    """On the evening before a holiday the next opening is the day after it."""
    found = opening("Mo-Fr 08:00-17:00", "regular", at(SAO_PAULO, "2026-11-19T18:00"), SAO_PAULO)
    assert found == Opening(State.CLOSED, opens=at(SAO_PAULO, "2026-11-23T08:00"))


def test_day_and_night():
    """24/7 is open on every holiday, however it is written."""
    for text in ("24/7", "Mo-Su 00:00-24:00"):
        assert opening(text, "regular", at(QUITO, "2026-12-25T03:00"), QUITO) == Opening(
            State.OPEN, always=True
        )


def test_a_night_shelter_is_open_past_midnight():
    """18:00-02:00 is one opening."""
    found = opening("Mo-Su 18:00-02:00", "regular", at(QUITO, "2026-11-11T23:30"), QUITO)
    assert found.until == at(QUITO, "2026-11-12T02:00")


@pytest.mark.parametrize("text", [None, "whenever", "Mo-Fr 08:00-"])
def test_unknown_stays_unknown(text):
    """No hours, and hours nobody can read, are unknown at every moment."""
    assert opening(text, "regular", at(QUITO, "2026-11-11T10:00"), QUITO).state is State.UNKNOWN


def test_by_appointment_is_not_closed():
    """By appointment, with or without hours, by day or night."""
    for text in (None, OFFICE):
        for hour in ("10:00", "23:00"):
            assert (
                opening(text, "by_appointment", at(QUITO, f"2026-11-11T{hour}"), QUITO).state
                is State.APPOINTMENT
            )


def test_a_moment_without_a_zone_is_refused():
    """A naive moment would be somebody's guess."""
    with pytest.raises(ValueError, match="time zone"):
        opening(OFFICE, "regular", datetime(2026, 11, 11, 10), QUITO)  # noqa: DTZ001


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    text=st.sampled_from(
        (OFFICE, "Mo-Fr 09:00-12:00,14:00-18:00", "Mo-Su 18:00-02:00", "Sa 10:00-12:00; PH off")
    ),
    calendar=st.sampled_from((QUITO, SAO_PAULO, Calendar("AR", "America/Argentina/San_Luis"))),
)
def test_what_is_told_of_the_next_change_holds_at_the_next_change(moment, text, calendar):
    """At `until` the door is not open any more, a minute earlier it is; at `opens` it is open."""
    found = opening(text, "regular", moment, calendar)
    if found.until is not None:
        assert found.until > moment - timedelta(minutes=1)
        assert opening(text, "regular", found.until, calendar).state is not State.OPEN
        assert opening(text, "regular", found.until - timedelta(minutes=1), calendar).state is State.OPEN
    if found.opens is not None:
        assert opening(text, "regular", found.opens, calendar).state is State.OPEN
    assert (
        found.until is None
        or found.until.utcoffset() == moment.astimezone(ZoneInfo(calendar.time_zone)).utcoffset()
    )
