"""The check names every problem with file and remedy, and content that would mislead does not start."""

import io
from datetime import date
from pathlib import Path

import pytest
import yaml

from content.check import check
from content.commands import run_new_language, run_new_place, run_readiness, run_seen
from content.documents import Reader
from content.loading import Shelf, load_library
from content.problems import ContentProblemsError

TODAY = date(2026, 11, 28)
APPLY = Path("ecuador/answers/asylum.apply.yml")

SPOILT = {
    "malformed YAML": (lambda text: text + "\n  - : [", "Not valid YAML"),
    "an unknown key": (lambda text: text.replace("author:", "autor:", 1), "autor"),
    "a need of another file": (
        lambda text: text.replace("asylum.apply", "asylum.applyy", 1),
        "Its name and folder say",
    ),
    "a bare number": (lambda text: text.replace("es: >-\n", "es: >-\n      Son 90 días.\n", 1), "a bare"),
    "a link in the text": (
        lambda text: text.replace("es: >-\n", "es: >-\n      Vea www.ejemplo.org.\n", 1),
        "a bare",
    ),
    "HTML": (lambda text: text.replace("es: >-\n", "es: >-\n      <b>Ojo</b>.\n", 1), "HTML"),
    "an unknown fact": (
        lambda text: text.replace("facts: [", "facts: [ec-nobody-knows, ", 1),
        "ec-nobody-knows",
    ),
    "a placeholder nobody defines": (
        lambda text: text.replace("es: >-\n", "es: >-\n      {ec-asylum-who.nothing}.\n", 1),
        "has no value nothing",
    ),
    "a broken placeholder": (
        lambda text: text.replace("es: >-\n", "es: >-\n      {ec-asylum-who.\n", 1),
        "placeholder is broken",
    ),
    "a file of a megabyte": (lambda text: text + "#" * 1_000_001, "larger than"),
    "a key given twice": (lambda text: "need: asylum.apply\n" + text, "stands twice"),
}


@pytest.mark.parametrize("spoilt", SPOILT, ids=list(SPOILT))
def test_spoilt_content_is_named_with_its_file_and_does_not_start(folder: Path, spoilt: str) -> None:
    """Each kind of mistake is reported with the file, and the program refuses the folder."""
    spoil, expected = SPOILT[spoilt]
    file = folder / APPLY
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")

    errors = [str(problem) for problem in check(TODAY, folder).errors]

    assert any(expected in error and "asylum.apply" in error for error in errors), errors[:5]
    with pytest.raises(ContentProblemsError):
        load_library(folder)


def test_the_real_content_passes() -> None:
    """What is in the repository is in order today."""
    assert check(date.today()).errors == ()  # noqa: DTZ011 (the check runs on the day it runs)


def test_a_date_in_the_future_is_an_error(folder: Path) -> None:
    """Nobody can have read a page next year."""
    _change_fact(folder, "brazil", "br-asylum-free-nodeadline", checked="2036-11")

    assert any("future" in str(problem) for problem in check(TODAY, folder).errors)


def test_a_changed_fact_marks_every_text_that_rests_on_it(folder: Path) -> None:
    """Changing one fact asks for a reading of each answer that uses it, and of no other."""
    _change_fact(folder, "brazil", "br-asylum-free-nodeadline", states="Something else is so now.")

    marked = [
        problem.file for problem in check(TODAY, folder).errors if "since they were read" in problem.what
    ]

    assert marked
    assert all("br-asylum-free-nodeadline" in (folder / file).read_text(encoding="utf-8") for file in marked)


def _change_fact(folder: Path, country: str, name: str, **changes: str) -> None:
    path = folder / country / "facts.yml"
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    next(fact for fact in facts if fact["id"] == name).update(changes)
    path.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_a_failed_reload_keeps_the_last_good_content(folder: Path) -> None:
    """Half-written content changes nothing for the person who asks."""
    shelf = Shelf(load_library(folder))
    good = shelf.library
    (folder / APPLY).write_text("need: [", encoding="utf-8")

    problems = shelf.reload(folder)

    assert problems
    assert shelf.library is good


@pytest.mark.parametrize("file", ["brazil/names.yml", "brazil/readiness.yml"])
def test_spoilt_lists_beside_the_answers_are_named_like_all_others(folder: Path, file: str) -> None:
    """Names that are never translated, and exemptions, are not silently taken for none."""
    (folder / file).write_text("- [\n", encoding="utf-8")

    assert any(problem.file == file for problem in check(TODAY, folder).errors)
    with pytest.raises(ContentProblemsError, match=file):
        load_library(folder)


def test_a_missing_list_of_names_is_named(folder: Path) -> None:
    """Without the list no name of an office would be watched over."""
    (folder / "brazil" / "names.yml").unlink()

    assert any(problem.file == "brazil/names.yml" for problem in check(TODAY, folder).errors)


def test_spoilt_marks_of_reading_are_named_and_kept(folder: Path) -> None:
    """They are for those who write: people are still answered, and no command writes over them."""
    marks = folder / "seen.yml"
    spoilt = marks.read_text(encoding="utf-8") + "\n  - : ["
    marks.write_text(spoilt, encoding="utf-8")
    out = io.StringIO()

    assert [problem.file for problem in check(TODAY, folder).errors] == ["seen.yml"]
    assert run_seen(out, (str(APPLY),), folder) == 1
    assert "seen.yml" in out.getvalue()
    assert marks.read_text(encoding="utf-8") == spoilt
    assert load_library(folder).places


def test_content_that_cannot_be_read_is_not_judged(folder: Path) -> None:
    """The other commands name what is wrong instead of working on a half."""
    (folder / "places.yml").write_text("- [\n", encoding="utf-8")
    for run in (
        lambda out: run_readiness(out, TODAY, root=folder),
        lambda out: run_seen(out, (), folder),
        lambda out: run_new_place(out, "manaus", "brazil", "Manaus", "sao-paulo", folder),
        lambda out: run_new_language(out, "ar", "العربية", folder),
    ):
        out = io.StringIO()
        assert run(out) == 1
        assert "places.yml:2: Not valid YAML" in out.getvalue()


def test_problems_carry_the_line(folder: Path) -> None:
    """A mistake deep in a file is reported on its line."""
    file = folder / "ecuador" / "facts.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(index for index, line in enumerate(lines) if line.strip().startswith("confidence:"))
    lines[at] = "  confidence: certain"
    file.write_text("\n".join(lines), encoding="utf-8")
    reader = Reader(folder)
    from content.collection import read_collection

    read_collection(reader)

    assert any(problem.line == at + 1 for problem in reader.problems)
