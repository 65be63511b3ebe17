"""Every need is answered everywhere, from the same facts in every language."""

from datetime import UTC, datetime

import pytest

from content.cards import facts_of
from content.check import EVERY_LANGUAGE
from content.library import Library
from tests.content.conftest import MOMENT

PLACES = ("quito", "pichincha", "sao-paulo", "san-luis")


@pytest.mark.parametrize("place", PLACES)
def test_every_need_has_an_answer_in_spanish_and_portuguese(library: Library, place: str) -> None:
    """41 needs in four places, each in the language asked for, dated, and never empty."""
    for need in library.taxonomy.needs:
        for language in ("es", "pt"):
            shown = library.answer(need, place, language, MOMENT)

            assert shown is not None, need
            assert shown.language == language
            assert all(paragraph.strip() for paragraph in shown.paragraphs)
            assert shown.dated
            assert "{" not in "".join(shown.paragraphs)


@pytest.mark.parametrize("need", EVERY_LANGUAGE)
def test_urgent_needs_are_written_in_all_five_languages(library: Library, need: str) -> None:
    """Where harm or haste is greatest nobody is sent to another language."""
    for place in PLACES:
        for language in ("es", "pt", "en", "fr", "ht"):
            shown = library.answer(need, place, language, MOMENT)

            assert shown is not None
            assert shown.in_asked_language, (place, language)


def test_a_missing_language_leads_to_the_nearest_and_says_so(library: Library) -> None:
    """An answer that nobody wrote in Haitian Creole comes in the fallback language, and is marked."""
    for place, nearest in (("quito", "es"), ("sao-paulo", "pt"), ("san-luis", "es")):
        shown = library.answer("education.university", place, "ht", MOMENT)

        assert shown is not None
        assert not shown.in_asked_language
        assert shown.language == nearest, "nobody wrote it in French, so in the language of the place"


def test_old_facts_ask_to_call_first_and_very_old_ones_are_withdrawn(library: Library) -> None:
    """Moving the clock ages every answer: first it is stale, then its parts are taken out and named."""
    later = datetime(2076, 1, 1, tzinfo=UTC)
    now = library.answer("asylum.apply", "sao-paulo", "pt", MOMENT)
    then = library.answer("asylum.apply", "sao-paulo", "pt", later)

    assert now is not None
    assert then is not None
    assert then.stale
    assert len(then.paragraphs) < len(now.paragraphs)


def test_both_languages_rest_on_the_same_facts(library: Library) -> None:
    """A part names the same placeholders in all its languages, so that none can state another fact."""
    from content.rendering import placeholders

    for answer in library.collection.answers.values():
        for part in answer.parts:
            named = {frozenset(placeholders(text)) for text in part.texts.values()}
            assert len(named) == 1, (answer.place, answer.need, part.about)


def test_most_answers_rest_on_facts(library: Library) -> None:
    """At least nine answers in ten rest on a sourced fact; the others say that nothing is known."""
    for place in PLACES:
        resting = sum(
            any(facts_of(part) for part in answer.parts)
            for need in library.taxonomy.needs
            if (answer := library.raw(need, place))
        )
        assert resting >= 36, place


def test_years_have_no_separator_of_thousands(library: Library) -> None:
    """2024 is a year, not a quantity."""
    texts = [
        paragraph
        for need in library.taxonomy.needs
        for place in PLACES
        for paragraph in library.answer(need, place, "es", MOMENT).paragraphs  # type: ignore[union-attr]
    ]
    import re

    assert not [
        text for text in texts if re.search(r"\b(en|desde|de) [12][.,  ]\d{3}\b(?![.,]\d| [a-z]+ migr)", text)
    ]


def test_each_programme_of_2017_is_told(library: Library) -> None:
    """Quito, Pichincha, São Paulo and San Luis each tell their programme, with its date."""
    for place in PLACES:
        for language in ("es", "pt", "en"):
            programmes = library.programmes(place, language, MOMENT)

            assert programmes, place
            assert programmes[0].paragraphs[0]


@pytest.mark.parametrize("place", PLACES)
def test_every_danger_has_words_and_a_number(library: Library, place: str) -> None:
    """In danger there is a text in every language and at least one number, whatever else fails."""
    from content.emergency import DANGERS

    for danger in DANGERS:
        assert library.emergency(place, danger=danger), danger
        for language in ("es", "pt", "en", "fr", "ht"):
            assert library.safety(danger, language)


def test_search_forgives_accents_and_typing_errors(library: Library) -> None:
    """Words of our own texts lead to their need when nothing else was understood."""
    assert "education.diplomas" in library.search("reconosimiento de titulos", "quito", "es")
    assert library.search("xyzzy qwerty", "quito", "es") == ()
