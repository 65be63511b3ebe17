"""A place or a language is data alone: skeletons are valid from the first minute."""

import io
from datetime import date
from pathlib import Path

from content.check import check
from content.collection import read_collection
from content.commands import run_new_language, run_new_place, run_readiness
from content.documents import Reader
from content.loading import load_library
from content.readiness import State, is_ready, readiness

TODAY = date(2026, 11, 28)


def test_a_new_place_in_a_known_country_passes_and_is_not_open(folder: Path) -> None:
    """The skeleton of a city inherits its country's answers, and is not offered to people."""
    assert run_new_place(io.StringIO(), "manaus", "brazil", "Manaus", "sao-paulo", folder) == 0

    library = load_library(folder)

    assert check(TODAY, folder).errors == ()
    assert "manaus" in library.places
    assert "manaus" not in {place.code for place in library.places.open}


def test_a_new_country_passes_and_is_not_ready(folder: Path) -> None:
    """A new country has an honest sentence for each need and still everything to do."""
    assert run_new_place(io.StringIO(), "cucuta", "colombia", "Cúcuta", "quito", folder) == 0

    collection = read_collection(Reader(folder))

    assert check(TODAY, folder).errors == ()
    assert not is_ready(readiness(collection, collection.places.place("cucuta"), TODAY))


def test_an_existing_place_or_language_is_not_overwritten(folder: Path) -> None:
    """Asking for what exists changes nothing and says where to correct it."""
    out = io.StringIO()

    assert run_new_place(out, "quito", "ecuador", "Quito", "quito", folder) == 1
    assert run_new_language(out, "es", "Español", folder) == 1
    assert "exists already" in out.getvalue()


def test_a_new_language_passes_and_is_not_offered(folder: Path) -> None:
    """A language in preparation is not offered until its safety texts are written."""
    assert run_new_language(io.StringIO(), "ar", "العربية", folder) == 0

    assert check(TODAY, folder).errors == ()
    assert "ar" not in {language.code for language in load_library(folder).languages}


def test_the_open_places_are_ready() -> None:
    """Every place that is offered to people meets every rule that must be met."""
    out = io.StringIO()

    assert run_readiness(out, TODAY) == 0, out.getvalue()


def test_an_exemption_stands_with_its_reason(folder: Path) -> None:
    """A rule that a place need not meet is shown as exempt, in that place alone."""
    reason = "The city has no programme."
    text = f"santos: {{the city's programme is told: {reason}}}\n"
    (folder / "brazil" / "readiness.yml").write_text(text, encoding="utf-8")
    assert run_new_place(io.StringIO(), "santos", "brazil", "Santos", "sao-paulo", folder) == 0
    assert run_new_place(io.StringIO(), "manaus", "brazil", "Manaus", "sao-paulo", folder) == 0

    collection = read_collection(Reader(folder))
    states = {
        code: rule
        for code in ("santos", "manaus")
        for rule in readiness(collection, collection.places.place(code), TODAY)
        if rule.name == "the city's programme is told"
    }

    assert (states["santos"].state, states["santos"].detail) == (State.EXEMPT, reason)
    assert states["manaus"].state is State.TO_DO


def test_a_skeleton_notes_no_other_text_as_read(folder: Path) -> None:
    """Even where all its answers were written before, what was changed stays to be read."""
    overlay = folder / "brazil" / "answers" / "manaus" / "city.orientation.yml"
    overlay.parent.mkdir()
    model = folder / "brazil" / "answers" / "city.orientation.yml"
    overlay.write_text(model.read_text(encoding="utf-8").replace("place: brazil", "place: manaus"), "utf-8")
    changed = folder / "ecuador" / "answers" / "asylum.apply.yml"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("    en: >-\n", "    en: >-\n      Please. ", 1), encoding="utf-8")

    run_new_place(io.StringIO(), "manaus", "brazil", "Manaus", "sao-paulo", folder)

    unread = [one.file for one in check(TODAY, folder).errors if "since they were read" in one.what]
    assert "ecuador/answers/asylum.apply.yml" in unread
