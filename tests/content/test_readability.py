"""Reading ease follows the published formulas: plain text lies above officialese in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.readability import longest_sentence, reading_ease

PAIRS = {
    "es": (
        "Vaya a la casa. Pida agua. No pague nada.",
        "La administración correspondiente procederá a la notificación individualizada de la resolución denegatoria.",
    ),
    "pt": (
        "Vá para a casa. Peça água. Não pague nada.",
        "A administração correspondente procederá à notificação individualizada da decisão administrativa.",
    ),
    "en": (
        "Go to the house. Ask for water. Do not pay.",
        "The competent administrative authority shall individually notify unfavourable determinations.",
    ),
    "fr": (
        "Allez à la maison. Ne payez rien.",
        "L'administration compétente procédera à la notification individualisée de la décision défavorable.",
    ),
}


@pytest.mark.parametrize("language", PAIRS)
def test_plain_text_is_easier(language: str) -> None:
    """The formula of the language tells plain words from officialese."""
    plain, hard = PAIRS[language]

    assert reading_ease(plain, language) > reading_ease(hard, language) + 40  # type: ignore[operator]


@given(st.text(max_size=300), st.sampled_from(["es", "pt", "en", "fr", "ht"]))
def test_any_text_can_be_measured(text: str, language: str) -> None:
    """No text breaks the measure."""
    reading_ease(text, language)
    assert longest_sentence(text) >= 0
