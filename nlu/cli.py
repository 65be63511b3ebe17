"""What the `orienta` commands about understanding do: plain functions over streams and paths.

They print what they are asked to print and nothing else; no text that is read is kept or logged.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nlu.reading import Context, Interpreter, NotUnderstood, Reading, Understood, Unreachable

if TYPE_CHECKING:
    from nlu.encoder import SentenceEncoder

FALLBACK_LABEL = "out_of_scope"


def as_record(reading: Reading, fallback: str = FALLBACK_LABEL) -> dict[str, Any]:
    """A reading as the JSON line of `orienta understand`; `label` is always the best guess."""
    if isinstance(reading, Unreachable):
        return {"label": fallback, "confidence": 0.0, "decision": "unreachable", "candidates": [], "language": None,
                "danger": False, "danger_kind": None, "others": [], "entities": {"place": None, "profile": [], "when": None}}  # fmt: skip
    best = reading.candidates[0] if reading.candidates else None
    decision = "understood" if isinstance(reading, Understood) else "unsure"
    entities = reading.entities
    return {
        "label": best.label if best else fallback,
        "confidence": best.confidence if best else 0.0,
        "decision": "not_understood" if isinstance(reading, NotUnderstood) else decision,
        "candidates": [{"label": c.label, "confidence": c.confidence} for c in reading.candidates],
        "language": reading.language,
        "danger": reading.danger is not None,
        "danger_kind": reading.danger,
        "others": list(getattr(reading, "others", ())),
        "entities": {"place": entities.place, "profile": list(entities.profile), "when": entities.when},
    }


def understand(
    interpreter: Interpreter, lines: Iterable[str], out: TextIO, moment: datetime | None = None
) -> int:
    """Reads JSON lines (`{"text": …}`, optionally `language`, `place`, `need`) and answers each with one line.

    Gives the number of lines that were not of that form; those are answered with an `error` and go on.
    """
    wrong = 0
    with asyncio.Runner() as runner:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            asked = _asked(line)
            if asked is None:
                wrong += 1
                record: dict[str, Any] = {"error": f"line {number} is not a JSON object with a `text`"}
            else:
                context = Context(asked.get("language"), asked.get("place"), asked.get("need"), moment)
                record = as_record(runner.run(interpreter.read(asked["text"], context)))
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            out.flush()
    return wrong


def _asked(line: str) -> dict[str, Any] | None:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) and isinstance(asked.get("text"), str) else None


def train(
    folder: Path | None, path: Path | None, out: TextIO, encoder: SentenceEncoder | None = None
) -> Path:
    """Trains on a folder of Rasa NLU YAML (ours by default) and says what came of it."""
    from nlu.embedded.store import default_data_path, place_for, train_to

    path = place_for(folder, path)
    model = train_to(folder or default_data_path(), path, encoder)
    size = path.stat().st_size / 1e6
    bounds = model.confidence
    out.write(
        f"{len(model.labels)} labels, {model.classifier.vocabulary.sentences} sentences → {path} ({size:.1f} MB)\n"
    )
    if encoder:
        out.write(f"beside the sentence encoder {encoder.name}; this model is not read without it\n")
    out.write(f"understood from {bounds.understood:.2f}, not understood below {bounds.unsure:.2f}\n")
    return path


def evaluate(
    interpreter: Interpreter, files: Iterable[Path], out: TextIO, *, as_json: bool = False
) -> dict[str, Any]:
    """Reads every message of the files (JSON lines with `text` and `label`) and prints how well it went."""
    from nlu.evaluation import evaluated, in_words, read_cases

    measured = asyncio.run(evaluated(interpreter, read_cases(files)))
    out.write(json.dumps(measured, ensure_ascii=False, indent=1) + "\n" if as_json else in_words(measured))
    return measured


def check_data(folder: Path | None, expected: Path | None, out: TextIO) -> int:
    """Prints counts and every problem of the training data; gives the number of problems."""
    from nlu.check import checked
    from nlu.embedded.store import default_data_path

    folder = folder or default_data_path()
    report = checked(folder, expected or folder.parent / "expected")
    out.write(report.in_words())
    return len(report.problems)
