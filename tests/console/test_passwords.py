"""Passwords that guessers try first are refused when one is chosen, and what several plain words make is not."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from console.passwords import OWN_WORDS, SHORTEST, TOO_KNOWN, TOO_PLAIN, complaint
from content.wording import wording
from tests.console.rig import PASSWORD, Rig, submit

LEAKED = FREQUENCY_LISTS["passwords"]
MAIL = "ana.perez@example.org"


def lengthened(password: str) -> str:
    """A common password as people bring it to the length that is asked for: written again and again."""
    return password * -(-SHORTEST // len(password))


async def test_no_password_of_the_leaked_list_is_taken_even_written_twice() -> None:
    """Every leaked one that is long enough, and every twentieth of the first three thousand made long enough."""
    assert len(LEAKED) >= 3000
    long_ones = [one for one in LEAKED if len(one) >= SHORTEST]
    for password in (*long_ones, *map(lengthened, LEAKED[:3000:20])):
        assert await complaint(password, MAIL) in (TOO_PLAIN, TOO_KNOWN), password


@pytest.mark.parametrize("word", [*OWN_WORDS, "ana.perez", MAIL])
async def test_words_of_the_product_its_places_and_the_address_add_nothing(word: str) -> None:
    """What is left without them must be a password by itself."""
    assert await complaint(f"{word} {word} {word} 2026!", MAIL) is not None


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "mesa verde sol ayer", "mi perro come arroz los lunes", "bom dia minha gente querida",
     "9fj3kd03kdmv93kf", "ñandú árbol çava 이모 тихо", "x9 " + "largo tapete azul mojado " * 7],
)  # fmt: skip
async def test_several_words_or_chance_are_taken_in_any_alphabet_up_to_the_longest(password: str) -> None:
    """No rule asks for capitals, digits or signs."""
    assert await complaint(password, MAIL) is None


@pytest.mark.parametrize("language", ["es", "pt", "en"])
async def test_the_refusal_says_why_in_the_readers_language(rig: Rig, language: str) -> None:
    """At an invitation and at a change of password; the password in use stays."""
    stolen = "iloveyouiloveyou"
    code = await rig.invite("bea@example.org", "caseworker", ["quito"])
    asked = {"code": code, "password": stolen, "again": stolen, "language": language}
    refused = await submit(rig.browser(language), "/console/invitation", asked)
    assert wording(language)(TOO_KNOWN) in refused.text
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], language)
    answer = await submit(
        client, "/console/me/password", {"old": PASSWORD, "password": stolen}, page="/console/me"
    )
    assert answer.status_code == 422
    assert wording(language)(TOO_KNOWN) in answer.text
