"""The districts and landmarks of a place on their way: what this installation knows goes along, what is new comes.

A name that leads to another place here stays as it is here; it is named, and is a contradiction like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from content.adopting import Adoption, NotReadableError
from content.collection import Collection as Content
from content.packing import PLACES, dumped
from content.place_words import PLACE_WORDS, PlaceWords, WordsOfPlaces, flat
from content.plain import read_plain
from nlu.entities import shipped_words

_SHAPE = TypeAdapter(dict[str, PlaceWords])


def packed_words(content: Content, codes: Collection[str]) -> dict[str, bytes]:
    """The file of the names of these places; none when nobody knows any."""
    known = {
        code: _joined(shipped_words().get(code), content.place_words.get(code)) for code in sorted(codes)
    }
    found = {code: _as_written(words) for code, words in known.items() if words.all}
    return {PLACE_WORDS: dumped(found)} if found else {}


def plan_words(plan: Adoption, root: Path, made: bytes) -> None:
    """Add to a plan what of these names is new here, and what contradicts; NotReadableError when it is no such file."""
    text, own = _here(root)
    coming = read_words(made)
    leads = _leads(root, own, coming)
    merged = dict(own)
    for place, words in coming.items():
        fitting = PlaceWords(
            names=_fitting(plan, place, words.names, leads),
            after_a_cue=_fitting(plan, place, words.after_a_cue, leads),
        )
        if fitting.all:
            plan.new.append(f"{PLACE_WORDS}: {place}: {len(fitting.all)} names")
            merged[place] = _joined(own.get(place), fitting)
    if merged != own:
        head = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("#"))
        written = {place: _as_written(words) for place, words in merged.items()}
        plan.files[PLACE_WORDS] = head.encode() + dumped(written)


def read_words(made: bytes) -> WordsOfPlaces:
    """The names in a file of a parcel."""
    try:
        return _SHAPE.validate_python(read_plain(made.decode("utf-8")) or {})
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise NotReadableError(f"{PLACE_WORDS} is no list of names: {type(error).__name__}.") from None


def _here(root: Path) -> tuple[str, WordsOfPlaces]:
    path = root / PLACE_WORDS
    text = path.read_text("utf-8") if path.is_file() else ""
    return text, read_words(text.encode())


def _leads(root: Path, own: WordsOfPlaces, coming: Iterable[str]) -> dict[str, str]:
    """Where each name leads in this installation, as it is compared, once the places that come are here."""
    places: list[dict[str, Any]] = read_plain((root / PLACES).read_text("utf-8")) or []
    codes = [*(place["code"] for place in places), *coming]
    leads: dict[str, str] = {}
    for known in (own, shipped_words()):
        for code in (code for code in codes if code in known):
            for name in known[code].all:
                leads.setdefault(flat(name), code)
    for place in places:
        for name in place["names"].values():
            leads.setdefault(flat(name), place["code"])
    return leads


def _fitting(plan: Adoption, place: str, names: Iterable[str], leads: dict[str, str]) -> tuple[str, ...]:
    """The names that are new here; the others are counted as the same, or named as contradictions."""
    new = []
    for name in names:
        there = leads.setdefault(flat(name), "")
        if there not in ("", place):
            plan.conflicts.append(f"{PLACE_WORDS}: {name} leads to {there} here, to {place} there")
        elif there:
            plan.same += 1
        else:
            leads[flat(name)] = place
            new.append(name)
    return tuple(new)


def _joined(first: PlaceWords | None, second: PlaceWords | None) -> PlaceWords:
    some = [words for words in (first, second) if words]
    return PlaceWords(
        names=tuple(dict.fromkeys(name for words in some for name in words.names)),
        after_a_cue=tuple(dict.fromkeys(name for words in some for name in words.after_a_cue)),
    )


def _as_written(words: PlaceWords) -> dict[str, list[str]]:
    return {key: list(names) for key, names in words.model_dump().items() if names}
