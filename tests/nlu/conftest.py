"""A small model of our own labels, trained once for the tests of this room."""

from pathlib import Path

import pytest

from nlu.embedded.engine import EmbeddedInterpreter, interpreter_of
from nlu.embedded.training import train
from nlu.training_data import Example, read_folder

DATA = Path(__file__).resolve().parents[2] / "nlu" / "data"


def few_of_each(most: int = 8) -> list[Example]:
    """The first sentences of every label and language of the shipped data."""
    counts: dict[tuple[str, str | None], int] = {}
    chosen = []
    for example in read_folder(DATA):
        key = (example.label, example.language)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            chosen.append(example)
    return chosen


@pytest.fixture(scope="session")
def small() -> EmbeddedInterpreter:
    """An interpreter trained on a few sentences of each label; quick, not good."""
    return interpreter_of(train(few_of_each()))
