"""Places, profile and moment are found in what people write, and not in what only looks like them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import entity_rules
from nlu.reading import Context, Entities

RULES = entity_rules()
# A Wednesday, three in the morning in Greenwich: still Tuesday evening in Quito.
NIGHT = datetime(2025, 6, 4, 3, 0, tzinfo=UTC)


def _of(text: str, **known: object) -> Entities:
    return RULES.of(text, Context(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("vivo en Quitumbe", "quito"),
        ("estoy en cayambe con mi hija", "pichincha"),
        ("moro no Brás", "sao-paulo"),
        ("estoy en merlo", "san-luis"),
        ("Quito, Pichincha", "quito"),
        ("estoy en Cayambe, cerca de Quito", "pichincha"),
        ("trabajo en guayllabanba", "quito"),
        ("estoy en Guaianases", "sao-paulo"),
        ("moro na Liberdade", "sao-paulo"),
        ("quero liberdade", None),
        ("preciso de saúde", None),
        ("me quitaron los papeles", None),
        ("villa mercedes", "san-luis"),
        ("hola", None),
        ("soy de Caracas", None),
    ],
)
def test_place_names_lead_to_their_place(text: str, place: str | None) -> None:
    """Towns, districts and landmarks lead to a place; common words do not."""
    assert _of(text).place == place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soy madre soltera", "woman"),
        ("mi hijo de tres años", "child"),
        ("sou travesti", "lgbti"),
        ("uso cadeira de rodas", "disability"),
        ("mi abuelita tiene 80 años", "older"),
        ("estou grávida", "pregnant"),
        ("somos una familia de cinco", "family"),
        ("estoy sola", "alone"),
        ("mwen ansent", "pregnant"),
        ("my wife and kids", "family"),
        ("je suis enceinte", "pregnant"),
    ],
)
def test_who_asks_is_heard(text: str, code: str) -> None:
    """Profile words are found in every language."""
    assert code in _of(text).profile


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("¿abren el sábado?", "2025-06-07"),
        ("mañana", "2025-06-04"),
        ("pasado mañana", "2025-06-05"),
        ("hoy", "2025-06-03"),
        ("esta noche no tengo donde dormir", "2025-06-03T20:00-05:00"),
        ("hoje à noite", "2025-06-03T20:00-05:00"),
        ("el sábado pasado", "2025-05-31"),
        ("demen", "2025-06-04"),
        ("tomorrow morning", "2025-06-04T09:00-05:00"),
        ("jeudi", "2025-06-05"),
        ("na segunda-feira", "2025-06-09"),
        ("segunda via do documento", None),
        ("por la mañana", None),
    ],
)
def test_moments_are_told_on_the_clock_of_the_place(text: str, when: str | None) -> None:
    """Days and hours are resolved where the person is, not where the server is."""
    assert _of(text, moment=NIGHT, place="quito").when == when


def test_without_a_clock_nothing_is_resolved() -> None:
    """The rules never read a clock themselves."""
    assert _of("mañana").when is None


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    """Whatever is written, entities come back."""
    assert isinstance(_of(text, moment=NIGHT, place="sao-paulo"), Entities)
