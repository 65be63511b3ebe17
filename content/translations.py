"""A language in preparation: titles and safety texts to be written in one file, taken in when they are.

`translations/<language>.yml` is written by `orienta content new-language` with an empty line for each
thing to fill. What is still empty is left out, so that half a translation never shows an empty button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from content.documents import Reader, Strict
from content.emergency import SafetyText
from content.taxonomy import Taxonomy


class Translation(Strict):
    """The words of the content in one language; empty strings are not written yet."""

    language: str
    sectors: Mapping[str, str]
    needs: Mapping[str, str]
    safety: Mapping[str, str]


def read_translations(reader: Reader, folder: Path) -> tuple[Translation, ...]:
    """Every file of the folder `translations`."""
    files = sorted((folder / "translations").glob("*.yml"))
    read = (reader.read(path, Translation) for path in files)
    return tuple(translation for translation in read if translation is not None)


def translated_taxonomy(taxonomy: Taxonomy, translations: Sequence[Translation]) -> Taxonomy:
    """The taxonomy with the titles that are written."""
    for words in translations:
        needs = {
            code: replace(need, titles={**need.titles, **_written(words.language, words.needs.get(code))})
            for code, need in taxonomy.needs.items()
        }
        sectors = {
            code: {**titles, **_written(words.language, words.sectors.get(code))}
            for code, titles in taxonomy.sectors.items()
        }
        taxonomy = Taxonomy(needs, sectors, taxonomy.dialogue)
    return taxonomy


def translated_safety(
    safety: Mapping[str, SafetyText], translations: Sequence[Translation]
) -> dict[str, SafetyText]:
    """The safety texts with those that are written."""
    texts = dict(safety)
    for words in translations:
        for kind, text in texts.items():
            extra = _written(words.language, words.safety.get(kind))
            texts[kind] = text.model_copy(update={"texts": {**text.texts, **extra}})
    return texts


def _written(language: str, text: str | None) -> dict[str, str]:
    return {language: text} if text and text.strip() else {}
