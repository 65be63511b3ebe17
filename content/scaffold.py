"""Skeletons for a new place or language: valid from the first minute, with one line for each thing to fill.

Nothing is invented: a skeleton says honestly that nothing is known yet, and the place or language is
marked as not open until its texts are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from content.check import EVERY_LANGUAGE
from content.collection import Collection

# Said in every language of the content until somebody writes the answer.
_NOTHING_YET: Mapping[str, str] = {
    "es": "Aún no sabemos nada seguro sobre esto. Pida ayuda en la casa de una red de apoyo.",
    "pt": "Ainda não há nada certo sobre isto. Peça ajuda a um grupo de apoio.",
    "en": "We do not know this for sure yet. Ask a group that gives help.",
    "fr": "Nous ne savons pas encore cela de façon sûre. Demandez à un groupe d'aide.",
    "ht": "Nou poko konnen sa byen. Mande yon gwoup ki bay èd.",
}


class ScaffoldError(ValueError):
    """What was asked for cannot be made, in the words of whoever asked."""


def new_place(collection: Collection, code: str, country: str, name: str, model: str) -> list[Path]:
    """Write the skeleton of a place, with zone, currency and centre of `model` to be corrected; the files written."""
    if code in collection.places:
        raise ScaffoldError(f"{code} exists already: correct content/data/places.yml instead.")
    if model not in collection.places:
        raise ScaffoldError(f"{model} is no place: name one of places.yml to start from.")
    written = [_add_place(collection, code, country, name, model)]
    folder = collection.root / country
    for file in ("facts.yml", "emergency.yml", "programmes.yml", "names.yml"):
        written += _write_new(folder / file, "# To fill: see CONTRIBUTING, «Add a place».\n[]\n")
    if country not in collection.countries:
        for need in collection.taxonomy.needs:
            written += _write_new(folder / "answers" / f"{need}.yml", _answer(need, country))
    overlay = folder / "answers" / code / "city.orientation.yml"
    return written + _write_new(overlay, _answer("city.orientation", code))


def new_language(collection: Collection, code: str, name: str) -> list[Path]:
    """Write the skeleton of a language: its entry, not open yet, and one file of titles and safety texts."""
    if code in collection.languages:
        raise ScaffoldError(f"{code} exists already: correct content/data/languages.yml instead.")
    languages = collection.root / "languages.yml"
    entry = f"- {{code: {code}, name: {name}, fallback: [es, en, pt], complete: false, open: false}}\n"
    languages.write_text(languages.read_text(encoding="utf-8") + entry, encoding="utf-8")
    empty = {
        "language": code,
        "sectors": dict.fromkeys(collection.taxonomy.sectors, ""),
        "needs": dict.fromkeys(collection.taxonomy.needs, ""),
        "safety": dict.fromkeys(collection.safety, ""),
    }
    text = "# To fill, from the Spanish beside: taxonomy.yml (titles) and safety.yml.\n"
    text += yaml.safe_dump(empty, allow_unicode=True, sort_keys=False)
    return [languages, *_write_new(collection.root / "translations" / f"{code}.yml", text)]


def _add_place(collection: Collection, code: str, country: str, name: str, model: str) -> Path:
    near = collection.places.place(model)
    entry = {
        "code": code, "country": country, "country_code": near.country_code, "kind": "city",
        "names": dict.fromkeys(collection.languages, name), "time_zone": near.time_zone,
        "currency": near.currency, "languages": list(near.languages), "latitude": near.latitude,
        "longitude": near.longitude, "radius_km": near.radius_km, "within": None, "open": False,
    }  # fmt: skip
    places = collection.root / "places.yml"
    skeleton = f"# To correct: country_code, time_zone, currency and centre were taken from {model}.\n"
    skeleton += yaml.safe_dump([entry], allow_unicode=True, sort_keys=False)
    places.write_text(places.read_text(encoding="utf-8") + skeleton, encoding="utf-8")
    return places


def _answer(need: str, place: str) -> str:
    languages = (
        _NOTHING_YET if need in EVERY_LANGUAGE else {code: _NOTHING_YET[code] for code in ("es", "pt")}
    )
    document = {
        "need": need, "place": place, "version": 1, "author": "Orienta", "reviewed_by": [],
        "parts": [{"about": "more", "facts": [], **languages}],
    }  # fmt: skip
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _write_new(path: Path, text: str) -> list[Path]:
    """Write a file that does not exist yet; what exists is never overwritten."""
    if path.exists():
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [path]
