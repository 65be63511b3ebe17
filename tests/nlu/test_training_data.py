"""Training data is read from any folder of Rasa NLU YAML, and what is wrong is told with file and line."""

from pathlib import Path

import pytest

from nlu.training_data import TrainingDataError, read_folder, without_annotations


def _write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_sentences_come_with_label_language_and_line(tmp_path: Path) -> None:
    """A sentence knows its label, the language of its folder and its line."""
    file = _write(
        tmp_path,
        "es/a.yml",
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hola\n    - ¿qué tal?: bien\n',
    )
    first, second = read_folder(tmp_path)
    assert (first.text, first.label, first.language) == ("hola", "greet", "es")
    assert file.read_text(encoding="utf-8").splitlines()[second.line - 1].strip() == "- ¿qué tal?: bien"


def test_annotations_are_taken_away() -> None:
    """Entity annotations of both Rasa forms leave the words a person types."""
    assert (
        without_annotations('vivo en [Quito](place) desde [mayo]{"entity": "when", "value": "5"}')
        == "vivo en Quito desde mayo"
    )


def test_synonyms_lookups_and_other_files_are_passed_over(tmp_path: Path) -> None:
    """Only intents are training sentences; a domain file is none of ours."""
    _write(tmp_path, "domain.yml", "intents: [a]\n")
    _write(
        tmp_path,
        "nlu.yml",
        "nlu:\n- synonym: Quito\n  examples: |\n    - uio\n- lookup: city\n  examples: |\n    - x\n- intent: a\n  examples: |\n    - yes\n",
    )
    assert [e.text for e in read_folder(tmp_path)] == ["yes"]


def test_the_long_form_is_read(tmp_path: Path) -> None:
    """Examples given as mappings with `text` are read too."""
    _write(
        tmp_path, "nlu.yml", "nlu:\n- intent: a\n  examples:\n  - text: |\n      hello there\n  - text: bye\n"
    )
    assert [e.text for e in read_folder(tmp_path)] == ["hello there", "bye"]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("nlu:\n- intent: a\n  examples: |\n    - one\n    two\n", 5, "must start with"),
        ("nlu:\n- intent: a\n", 2, "has no `examples"),
        ("nlu:\n- foo: a\n", 2, "needs `intent:`"),
        ("nlu:\n- intent: [\n", 3, "not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    """A broken file is refused with its name, the line and what to do."""
    file = _write(tmp_path, "broken.yml", text)
    with pytest.raises(TrainingDataError, match=told) as error:
        read_folder(tmp_path)
    assert str(error.value).startswith(f"{file}:{line}:")


def test_an_empty_or_missing_folder_is_refused(tmp_path: Path) -> None:
    """Training on nothing is an error that says so."""
    with pytest.raises(TrainingDataError, match="no sentence found"):
        read_folder(tmp_path)
    with pytest.raises(TrainingDataError, match="no such folder"):
        read_folder(tmp_path / "gone")
