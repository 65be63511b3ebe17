"""Places, profile and moment are found in what people write, and not in what only looks like them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.collection import DATA
from content.documents import Reader
from content.place_words import PlaceWords, place_word_problems
from content.places import Place, Places, read_places
from nlu.embedded.words import words_of
from nlu.entities import entity_rules, rules_of, shipped_words
from nlu.reading import Context, Entities

RULES = entity_rules()
# A Wednesday, three in the morning in Greenwich: still Tuesday evening in Quito.
NIGHT = datetime(2025, 6, 4, 3, 0, tzinfo=UTC)


def _of(text: str, **known: object) -> Entities:
    return RULES.of(words_of(text), Context(**known))  # type: ignore[arg-type]


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
        ("moro na Sé", "sao-paulo"),
        ("no sé", None),
        ("no sé dónde estoy", None),
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


# A city in a province, each with names of its own, on a clock where it is an hour earlier than in Quito.
ISLES = Place(
    code="isles", country="ecuador", country_code="EC", kind="province", names={"es": "Las Islas"},
    time_zone="Pacific/Galapagos", currency="USD", languages=("es",), latitude=0, longitude=0, radius_km=9, open=True,
)  # fmt: skip
HARBOUR = ISLES.model_copy(
    update={"code": "harbour", "kind": "city", "names": {"es": "Puerto Chico"}, "within": "isles"}
)
CLOSED = ISLES.model_copy(update={"code": "reef", "names": {"es": "Arrecife"}, "open": False})
OWN = {
    "harbour": PlaceWords(names=("Las Ninfas", "Guamaní"), after_a_cue=("Luz",)),
    "isles": PlaceWords(names=("Villa Tortuga",)),
    "reef": PlaceWords(names=("Coral Alto",)),
}


@pytest.mark.parametrize(
    ("text", "place", "named"),
    [
        ("vivo en las ninfas", "harbour", "las ninfas"),
        ("estoy en Guamani", "harbour", "guamani"),
        ("en la luz", "harbour", "luz"),
        ("luz", None, None),
        ("puerto chico", "harbour", "puerto chico"),
        ("Puerto Chico, Las Islas", "harbour", "puerto chico"),
        ("estoy en Villa Tortuga, cerca de Puerto Chico", "isles", "villa tortuga"),
        ("vivo en Quitumbe", None, None),
        ("estoy en coral alto", None, None),
        ("estoy en arrecife", None, None),
    ],
)
def test_the_places_are_those_of_the_installation(text: str, place: str | None, named: str | None) -> None:
    """Its own words and the names of its open places lead to them; shipped words of places it has not lead nowhere."""
    found = rules_of(Places({one.code: one for one in (ISLES, HARBOUR, CLOSED)}), OWN).of(
        words_of(text), Context()
    )
    assert (found.place, found.named) == (place, named)


def test_saturday_is_saturday_on_the_clock_of_an_own_place() -> None:
    """A little after midnight in Quito it is still the day before on the isles."""
    rules = rules_of(Places({HARBOUR.code: HARBOUR}), OWN)
    just_after = datetime(2025, 6, 7, 5, 30, tzinfo=UTC)  # Saturday 00:30 in Quito, Friday 23:30 there
    assert (
        rules.of(words_of("¿abren el sábado en Las Ninfas?"), Context(moment=just_after)).when == "2025-06-07"
    )
    assert rules.of(words_of("hoy en Las Ninfas"), Context(moment=just_after)).when == "2025-06-06"
    assert _of("hoy", moment=just_after, place="quito").when == "2025-06-07"


def test_an_installation_may_claim_a_name_that_this_version_gives_to_another_place() -> None:
    """What the installation wrote wins, and nothing else of the other place is lost."""
    shipped = read_places(Reader(DATA), DATA)
    both = Places({**{one.code: one for one in shipped.all}, HARBOUR.code: HARBOUR})
    rules = rules_of(both, OWN)
    assert rules.of(words_of("guamaní"), Context()).place == "harbour"
    assert rules.of(words_of("quitumbe"), Context()).place == "quito"


def test_the_shipped_names_are_in_order() -> None:
    """None leads to two places, is too long to be found, or too short to stand by itself."""
    assert list(place_word_problems(read_places(Reader(DATA), DATA), shipped_words())) == []
    assert _of("vivo en san francisco del monte de oro").place == "san-luis"


def test_without_a_clock_nothing_is_resolved() -> None:
    """The rules never read a clock themselves."""
    assert _of("mañana").when is None


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    """Whatever is written, entities come back."""
    assert isinstance(_of(text, moment=NIGHT, place="sao-paulo"), Entities)
