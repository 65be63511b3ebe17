"""A number said in words: what is one in five languages, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.numbers import number_said
from content.library import Library

SAID = {
    1: ["1", "1.", "(1)", " 1 ", "1️⃣", "①", "la primera", "primero", "a primeira", "primeiro", "first", "the first one",
        "la première", "1er", "premye a", "uno", "um", "one", "number one", "une", "youn", "opción 1", "Nº1", "la 1 por favor"],
    2: ["2", "#2", "٢", "२", "２", "el segundo", "la segunda", "2da", "a segunda", "o 2", "quero a 2", "the second one",
        "le deuxième", "2e", "dezyèm lan", "nimewo de", "dos", "dois", "deux", "two", "👉 2", "Opção 2", "choix 2"],
    3: ["3️⃣", "opción 3", "la tercera", "o terceiro", "third", "troisième", "twazyèm lan", "twa", "número três"],
    4: ["la cuarta", "o quarto", "the fourth", "katriyèm", "numéro quatre"],
    10: ["🔟", "10", "la décima", "dizyèm", "dez"],
    0: ["0"],
    15: ["15", "la 15"],
}  # fmt: skip
NOT_SAID = [
    "", " ", "hola", "1 hijo", "2 noches", "tengo 2 hijos", "1 2", "1 y 2", "uno de mis hijos", "los dos", "un segundo",
    "-1", "+1", "$1", "1€", "1/2", "½", "1.5", "1,5", "12:30", "50%", "1@", "2 de la tarde", "primera vez", "la primera vez",
    "cuarto", "quiero un cuarto", "quiero el cuarto", "quarto", "preciso de um quarto", "de", "a las 2", "099 123 4567",
    "0991234567", "+593 99 123 4567", "100", "007", "1800", "2026", "1 " * 40, "¿cuántos? 2 personas", "no", "la", "o",
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), [(number, text) for number in SAID for text in SAID[number]])
def test_a_number_is_understood_as_people_say_it(number: int, text: str) -> None:
    """
    Digits of any script, keycaps, counted and ordered, with an article, in five languages.
    """
    assert number_said(text) == number


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_says_anything_else_is_no_number(text: str) -> None:
    """
    Children, nights, hours, money, telephones and a room that is looked for stay what they are.
    """
    assert number_said(text) is None


def test_a_day_of_the_week_is_no_number_in_portuguese() -> None:
    """
    "Segunda" alone asks for Monday there; "a segunda" and "opção segunda" are the second.
    """
    assert number_said("segunda", "pt") is None
    assert number_said("a segunda", "pt") == 2
    assert number_said("segunda", "es") == 2


def test_no_number_to_call_is_taken_for_a_choice(library: Library) -> None:
    """
    None of the emergency numbers of any place, in any spelling of its digits.
    """
    for place in library.places.all:
        for number in library.emergency(place.code):
            for text in (number.number, f"el {number.number}", f"{number.number}!", number.tel):
                assert number_said(text) is None, text


@given(st.text(max_size=80))
def test_any_text_is_a_small_number_or_none(text: str) -> None:
    """
    Nothing raises, and no number is longer than two digits.
    """
    number = number_said(text)
    assert number is None or 0 <= number <= 99
