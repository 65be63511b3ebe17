"""Cards survive forwarding: a code leads to the present version and knows what changed."""

from hypothesis import given
from hypothesis import strategies as st

from content.cards import changed_parts, code_of, read_code
from content.library import Library


def test_a_code_leads_back_to_its_need_and_place(library: Library) -> None:
    """Every answer's code fits a start payload of 64 and is read back unchanged."""
    for place in library.places.open:
        for need in library.taxonomy.needs:
            answer = library.raw(need, place.code)
            assert answer is not None
            code = code_of(answer, place.code, library.collection.facts)
            card = read_code(code)

            assert len(code) <= 64
            assert card is not None
            assert (card.place, card.need) == (place.code, need)
            assert changed_parts(card, answer, library.collection.facts) == ()


def test_an_old_code_says_which_parts_changed(library: Library) -> None:
    """After a price changed, the card of yesterday names the part that rests on it and no other."""
    need, place = "asylum.apply", "quito"
    answer = library.raw(need, place)
    assert answer is not None
    card = read_code(code_of(answer, place, library.collection.facts))
    assert card is not None
    changed = answer.model_copy(
        update={
            "parts": tuple(
                part.model_copy(update={"texts": {**part.texts, "es": part.texts["es"] + " Nuevo."}})
                if index == 0
                else part
                for index, part in enumerate(answer.parts)
            )
        }
    )

    assert changed_parts(card, changed, library.collection.facts) == (answer.parts[0].about,)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_codes(text: str) -> None:
    """Anything may arrive as a payload; what is no code is None."""
    card = read_code(text)
    assert card is None or "." in card.need
