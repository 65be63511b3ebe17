"""Keeps a trained model as one file, a build product that carries the mark of the data it was trained on."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from content.replacing import replaced
from nlu.embedded.confidence import Confidence
from nlu.embedded.evidence import Evidence
from nlu.embedded.features import Shape, Vocabulary
from nlu.embedded.linear import Linear
from nlu.embedded.model import Classifier, Model
from nlu.embedded.repair import Neighbours, Repair, WordList
from nlu.language import LanguageModel

if TYPE_CHECKING:
    from nlu.encoder import SentenceEncoder

FORMAT = 12
# What reading a file that is no model, or half of one, ends with.
_NOT_READ = (OSError, KeyError, TypeError, ValueError, EOFError, zipfile.BadZipFile)
_ROOM = Path(__file__).resolve().parent.parent


class ModelError(ValueError):
    """A file is not a model of this version; the message says what to do."""


def default_data_path() -> Path:
    """Our own training sentences."""
    return _ROOM / "data"


def default_model_path() -> Path:
    """Where the model of our own sentences is kept; not under version control."""
    return _ROOM / "model" / "embedded.npz"


def place_for(folder: Path | None, named: Path | None) -> Path:
    """Where the model of a folder goes: where it was said, never over what is no model; ours never makes room.

    A model of other sentences in the place of ours would be trained anew at the next start, and so be lost.
    """
    if named is None:
        if folder is None or folder.resolve() == default_data_path():
            return default_model_path()
        named = Path(f"{folder.resolve().stem}.npz")
    if named.is_dir():
        raise ModelError(f"{named}: is a folder; name the file that the model is written to")
    if named.exists() and named.stat().st_size and not _is_model(named):
        raise ModelError(f"{named}: stands there already and is no model, so nothing was written")
    return named


def _is_model(path: Path) -> bool:
    """Whether a file is a model of this or another version."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return "about" in getattr(arrays, "files", ())
    except _NOT_READ:
        return False


def encoder_of(folder: Path | None) -> SentenceEncoder | None:
    """The sentence encoder of a folder, or None where none is named."""
    if folder is None:
        return None
    try:
        from nlu.encoder import read_encoder
    except ModuleNotFoundError as error:
        raise ModelError(
            f"ORIENTA_ENCODER_DIR is set, but {error.name} is missing: pip install 'orienta[encoder]'"
        ) from error
    return read_encoder(folder)


def fingerprint_of(folder: Path, encoder: SentenceEncoder | None = None) -> str:
    """Changes when a sentence, an expected utterance, the encoder, the way of training or the file format changes."""
    mark = hashlib.sha256(f"format {FORMAT} encoder {encoder.mark if encoder else ''}".encode())
    files = [folder] if folder.is_file() else sorted({*folder.rglob("*.yml"), *folder.rglob("*.yaml")})
    for file in files:
        mark.update(str(file.relative_to(folder.parent)).encode() + b"\0" + file.read_bytes())
    files = expected_beside(folder)
    for file in files:
        mark.update(file.read_bytes())
    code = [*sorted((_ROOM / "embedded").glob("*.*")), _ROOM / "language.py", _ROOM / "training_data.py"]
    code += sorted((_ROOM / "encoder").glob("*.py")) if encoder else []
    for file in code:
        mark.update(file.read_bytes())
    return mark.hexdigest()[:24]


def expected_beside(folder: Path) -> list[Path]:
    """The expected utterances that belong to a data folder (`expected/` beside `data/`), if any.

    Of ours all: what the engine reads right and what it gets wrong are two parts of one set that was written
    without it, and one part alone would bend what confidence means.
    """
    return sorted((folder.parent / "expected").glob("*.jsonl")) if folder.name == "data" else []


def save(model: Model, path: Path) -> None:
    """Writes the model in one step: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as file:
        np.savez(file, **_arrays(model))


def _arrays(model: Model) -> dict[str, Any]:
    classifier, vocabulary = model.classifier, model.classifier.vocabulary
    arrays: dict[str, Any] = {
        "about": np.array(json.dumps(_about(model))),
        **_repairs(classifier.repair),
        "word_marks": vocabulary.marks[0],
        "letter_marks": vocabulary.marks[1],
        "gram_weights": vocabulary.weights,
        "any_order": vocabulary.any_order,
        "weights": classifier.linear.weights,
        "reach": classifier.linear.reach,
        "bias": classifier.linear.bias,
        **{f"evidence_{name}": array for name, array in vars(classifier.evidence).items()},
        "signs": model.confidence.weights,
    }
    if model.language:
        arrays |= {"language_marks": model.language.marks, "language_weights": model.language.weights}
    return arrays


def _repairs(repair: Repair) -> dict[str, Any]:
    """The arrays of repair, those of the neighbours of each language under its name."""
    kept = {"words": repair.words.letters, "word_ends": repair.words.ends, "known": repair.known}
    for language, of_language in repair.neighbours.items():
        kept |= {f"repair_{language}_{name}": array for name, array in vars(of_language).items()}
    return kept


def _repair(languages: Iterable[str | None], arrays: Any) -> Repair:
    by_language = {
        language: Neighbours(**{f.name: arrays[f"repair_{language}_{f.name}"] for f in fields(Neighbours)})
        for language in languages
    }
    return Repair(WordList(arrays["words"], arrays["word_ends"]), arrays["known"], by_language)


def _about(model: Model) -> dict[str, Any]:
    classifier, confidence = model.classifier, model.confidence
    return {
        "format": FORMAT,
        "fingerprint": model.fingerprint,
        "labels": classifier.labels,
        "shape": vars(classifier.vocabulary.shape),
        "sentences": classifier.vocabulary.sentences,
        "by_words": classifier.by_words,
        "sharpness": classifier.linear.sharpness,
        "words_of": list(classifier.repair.neighbours),
        "confidence": [confidence.bias, confidence.unsure, confidence.understood],
        "languages": model.language.languages if model.language else None,
        "encoder": {"name": model.encoder.name, "mark": model.encoder.mark} if model.encoder else None,
    }


def load(path: Path, encoder: SentenceEncoder | None = None) -> Model:
    """Reads a model; raises `ModelError` when there is none, it is of another version, or it was trained beside an
    encoder that is not this one. A model trained without an encoder is read without it."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            about = json.loads(str(arrays["about"]))
            if about["format"] != FORMAT:
                raise ModelError(f"{path}: made by another version; train it again with `orienta train`")
            model = _model(about, arrays)
            return replace(model, encoder=_same_encoder(path, about["encoder"], encoder))
    except _NOT_READ as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"{path}: no readable model; make it with `orienta train`") from error


def _same_encoder(
    path: Path, trained: dict[str, str] | None, encoder: SentenceEncoder | None
) -> SentenceEncoder | None:
    if trained is None:
        return None
    if encoder and encoder.mark == trained["mark"]:
        return encoder
    named = f"names another one, {encoder.name}" if encoder else "is not set"
    raise ModelError(
        f"{path}: trained with the sentence encoder {trained['name']}, but ORIENTA_ENCODER_DIR {named}; "
        f"set it to the folder of {trained['name']}, or train again with `orienta train`"
    )


def _model(about: dict[str, Any], arrays: Any) -> Model:
    vocabulary = Vocabulary(
        Shape(**about["shape"]),
        (arrays["word_marks"], arrays["letter_marks"]),
        arrays["gram_weights"],
        arrays["any_order"],
        about["sentences"],
    )
    repair = _repair(about["words_of"], arrays)
    evidence = Evidence(**{field.name: arrays[f"evidence_{field.name}"] for field in fields(Evidence)})
    linear = Linear(arrays["weights"], arrays["reach"], arrays["bias"], about["sharpness"])
    classifier = Classifier(tuple(about["labels"]), vocabulary, repair, linear, evidence, about["by_words"])
    bias, unsure, understood = about["confidence"]
    language = None
    if about["languages"]:
        language = LanguageModel(
            tuple(about["languages"]), arrays["language_marks"], arrays["language_weights"]
        )
    return Model(
        classifier, Confidence(arrays["signs"], bias, unsure, understood), language, about["fingerprint"]
    )


def train_to(folder: Path, path: Path, encoder: SentenceEncoder | None = None) -> Model:
    """Trains on a folder, beside an encoder if there is one, and keeps the model at `path`."""
    from nlu.embedded.training import Apart, train  # scikit-learn is loaded only here
    from nlu.evaluation import read_cases
    from nlu.training_data import read_folder

    cases = read_cases(expected_beside(folder))
    apart = [Apart(case.text, case.right, case.language) for case in cases]
    model = train(read_folder(folder), fingerprint_of(folder, encoder), apart=apart, encoder=encoder)
    save(model, path)
    return model


def ensure_model(
    path: Path | None = None,
    folder: Path | None = None,
    *,
    say: Callable[[str], None] | None = None,
    encoder: SentenceEncoder | None = None,
) -> Model:
    """The model of the data as it stands: loaded when fresh, trained again when missing or stale."""
    path, folder = path or default_model_path(), folder or default_data_path()
    try:
        model = load(path, encoder)
        if not folder.exists() or model.fingerprint == fingerprint_of(folder, encoder):
            return model
    except ModelError:
        pass
    if say:
        say(f"training the understanding model from {folder} (a minute or two)")
    return train_to(folder, path, encoder)
