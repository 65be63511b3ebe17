"""Reasons in words: every code has a sentence, in the place's clock, and nothing is left as a code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from content.wording import Wording
from referrals.doors import Opening, Reason, State
from referrals.reasons import _SENTENCES, in_words, opening_in_words
from referrals.records import PROFILES

ZONE = ZoneInfo("America/Guayaquil")
MOMENT = datetime(2026, 11, 11, 15, tzinfo=UTC)
VALUES = {
    "need": "shelter.temporary", "until": "2026-11-12", "opens": "2026-11-12T08:00:00-05:00", "language": "pt",
    "km": "2.4", "profile": "woman", "why": "min_age", "age": "18", "date": "2025-03-01", "number": "20",
}  # fmt: skip


@pytest.fixture(scope="module")
def w() -> Wording:
    import gettext

    return Wording("en", gettext.NullTranslations())


def test_every_code_that_routing_gives_has_a_sentence():
    """Codes are read from the source of routing, so that a new one cannot be forgotten."""
    source = "".join(
        Path("referrals", name).read_text("utf-8") for name in ("routing.py", "showing.py", "eligibility.py")
    )
    used = set(re.findall(r'Reason\(\s*"([a-z_]+)"', source)) | {
        "same_province",
        "in_the_capital",
        "whole_country",
    }
    assert used <= set(_SENTENCES)


@pytest.mark.parametrize("code", sorted(_SENTENCES))
def test_every_sentence_is_whole(code: str, w: Wording):
    """No placeholder is left over, with values and without the optional ones."""
    values = VALUES | ({"until": "2026-11-11T17:00:00-05:00"} if code == "open_now" else {})
    sentence = in_words(Reason(code, values), w, "America/Guayaquil")
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize("why", ["min_age", "max_age", "status", "excluded", "profile"])
def test_who_is_left_out_hears_why(why: str, w: Wording):
    """Every way to be left out has words, for every profile."""
    for profile in PROFILES:
        assert in_words(Reason("not_for", {"why": why, "age": "18", "profile": profile}), w, ZONE)


def test_times_are_told_in_the_place_s_clock(w: Wording):
    """22:00 in UTC is 17:00 in Quito."""
    reason = Reason("open_now", {"until": "2026-11-11T22:00:00+00:00"})
    assert in_words(reason, w, "America/Guayaquil") == "open now, until 17:00"


@pytest.mark.parametrize(
    ("opening", "sentence"),
    [
        (Opening(State.OPEN, always=True), "Open day and night"),
        (Opening(State.OPEN, until=datetime(2026, 11, 11, 17, tzinfo=ZONE)), "Open now, until 17:00"),
        (
            Opening(State.CLOSED, opens=datetime(2026, 11, 11, 14, tzinfo=ZONE)),
            "Closed now, opens today at 14:00",
        ),
        (Opening(State.CLOSED), "Closed now"),
        (Opening(State.APPOINTMENT), "By appointment: call or write first"),
        (Opening(State.UNKNOWN), "We do not know the hours: call before you go"),
    ],
)
def test_openings_in_words(opening: Opening, sentence: str, w: Wording):
    """Each state has its sentence; unknown is never "closed"."""
    assert opening_in_words(opening, w, MOMENT) == sentence
