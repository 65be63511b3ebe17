"""A slip holds no person, its code cannot be guessed, and its story is known to who holds it alone."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from content.loading import load_library
from content.wording import wording
from referrals.database import Sessions
from referrals.loading import load_seeds, read_seeds
from referrals.slip_codes import (
    ALPHABET,
    LENGTH,
    RANDOM_CHARACTERS,
    Digests,
    looks_like_one,
    new_code,
    plain,
    shown,
)
from referrals.slip_words import status_in_words
from referrals.slips import MARKS, WHY, Slips
from referrals.tables import ReferralSlip

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
HOUSE, OTHER = "ec-svc-hermano", "ec-svc-hogar-calle"
SECRET = b"s" * 32


@pytest.fixture
async def slips(sessions: Sessions) -> Slips:
    await load_seeds(sessions, read_seeds()[0])
    return Slips(sessions, load_library().places, SECRET)


async def issued(slips: Slips, moment: datetime = NOON) -> str:
    code = await slips.issue(HOUSE, "shelter.temporary", "quito", moment)
    assert code
    return code


@pytest.mark.parametrize("mark", MARKS)
async def test_a_desk_marks_and_the_person_reads_it(slips: Slips, mark: str) -> None:
    """From open to each mark, in whatever letters the code is typed."""
    code = await issued(slips)
    found = await slips.find(code.lower().replace("-", " "), NOON)
    assert found
    assert (found.status, found.service_id, found.need, found.place) == (
        "open",
        HOUSE,
        "shelter.temporary",
        "quito",
    )
    more = {"refused": {"why": "full"}, "sent_on": {"sent_to": OTHER}}.get(mark, {})
    marked = await slips.mark(code, mark, NOON, **more)
    assert marked == await slips.find(code, NOON + timedelta(days=40))
    assert marked
    assert marked.status == mark
    for language in ("es", "pt", "en"):
        assert status_in_words(marked, wording(language), "Hogar")


async def test_what_is_stored_holds_neither_code_nor_person(slips: Slips, sessions: Sessions) -> None:
    """Not the code, not a part of it; another key gives another digest."""
    code = plain(await issued(slips)) or ""
    async with sessions.reading() as session:
        row = (await session.execute(text("SELECT * FROM referral_slip"))).mappings().one()
    assert not any(code[:5] in str(value) for value in row.values())
    assert Digests(SECRET).known(code) == (row["code"],) != Digests(b"t" * 32).known(code)
    assert set(row) == {
        "code",
        "need",
        "service_id",
        "place",
        "issued",
        "expires",
        "status",
        "sent_to",
        "why",
    }


async def test_a_slip_outlives_the_key_it_was_made_under(slips: Slips, sessions: Sessions) -> None:
    """After the secret key was exchanged it is found and marked; a new slip needs the earlier key no more."""
    code, places = await issued(slips), load_library().places
    beside, alone = (
        Slips(sessions, places, b"n" * 32, [SECRET]),
        Slips(sessions, places, b"n" * 32),
    )
    assert await beside.find(code, NOON) == await slips.find(code, NOON)
    assert await beside.mark(code, "attended", NOON)
    assert await alone.find(code, NOON) is None
    assert await alone.find(await issued(beside), NOON)


async def test_an_open_slip_ends_and_old_ones_are_deleted(slips: Slips, sessions: Sessions) -> None:
    """On its last day it is good, the day after not; months later nothing of it is there."""
    code = await issued(slips)
    last = await slips.find(code, NOON + timedelta(days=30))
    assert last
    assert last.status == "open"
    over = await slips.find(code, NOON + timedelta(days=31))
    assert over
    assert over.status == "expired"
    assert await slips.mark(code, "attended", NOON + timedelta(days=31)) is None
    await issued(slips, NOON + timedelta(days=121))
    async with sessions.reading() as session:
        assert (await session.execute(select(func.count()).select_from(ReferralSlip))).scalar_one() == 1


async def test_a_mark_needs_what_belongs_to_it(slips: Slips) -> None:
    """A refusal its reason, a sending on its place, and nothing that is not in the lists."""
    code = await issued(slips)
    wrong = [
        ("open", {}), ("refused", {}), ("refused", {"why": "we do not like her"}), ("attended", {"why": "full"}),
        ("sent_on", {}), ("sent_on", {"sent_to": "nowhere"}),
    ]  # fmt: skip
    for mark, more in wrong:
        with pytest.raises(ValueError):
            await slips.mark(code, mark, NOON, **more)
    for why in WHY:
        assert await slips.mark(code, "refused", NOON, why=why)


async def test_unknown_codes_and_services(slips: Slips) -> None:
    """A valid code that nobody was given, a mistyped one, a service that is gone."""
    assert await slips.find(new_code(), NOON) is None
    assert await slips.find("AAAAA-AAAAA-AAAA", NOON) is None
    assert await slips.mark(new_code(), "attended", NOON) is None
    assert await slips.issue("nobody", "shelter.temporary", "quito", NOON) is None


def test_every_code_is_read_back_and_every_wrong_character_is_found() -> None:
    """One character wrong, or two neighbours exchanged: told before anybody looks it up."""
    draw = random.Random(7)
    exchanged = missed = 0
    for _ in range(300):
        code = plain(new_code(draw.choice)) or ""
        assert len(code) == LENGTH
        assert looks_like_one(shown(code))
        for at in range(LENGTH):
            wrong = draw.choice(ALPHABET.replace(code[at], ""))
            assert plain(code[:at] + wrong + code[at + 1 :]) is None
            if at and code[at] != code[at - 1]:
                exchanged += 1
                swapped = code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :]
                missed += plain(swapped) is not None
    assert missed / exchanged < 0.01


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    """No text breaks it, and what is read as a code reads the same again."""
    code = plain(typed)
    assert code is None or plain(shown(code)) == code


@pytest.mark.parametrize(
    "said",
    [
        "necesito comida",
        "regularizacion",
        "hola",
        "02 299 3200",
        "+593 2 299 3200",
        "",
        "quero morir hoje",
        "tengo mucho frio",
        "quero comer algo",
        "busco ayuda aqui",
        "donde queda hias",
        "estoy presa aqui",
    ],
)
def test_what_people_write_is_no_code(said: str) -> None:
    """Sentences, long words and telephone numbers stay what they are."""
    assert not looks_like_one(said)


def test_a_million_guesses_hit_none_of_ten_thousand_open_slips() -> None:
    """Measured with well-formed guesses, and worked out: the chance is below one in a thousand million."""
    draw = random.Random(11)
    # The check character follows from the thirteen others: a guesser gets it for nothing.
    known = {(plain(new_code()) or "")[:RANDOM_CHARACTERS] for _ in range(10_000)}
    assert len(known) == 10_000
    guesses = ("".join(draw.choices(ALPHABET, k=RANDOM_CHARACTERS)) for _ in range(1_000_000))
    assert not any(guess in known for guess in guesses)
    bits = 13 * 5 - math.log2(36 / 32)
    assert bits > 64.8
    assert 1e6 * 10_000 / 2**bits < 1e-9
