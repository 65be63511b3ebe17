"""The languages the assistant answers in, each with its own name and whom to fall back on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from content.documents import Reader, Strict


class Language(Strict):
    """A language: ISO code, its own name, and the languages to try when a text is missing in it.

    `kin` are tried before the language of the place, because its readers read them nearly as well; `fallback` after.
    """

    code: str
    name: str
    kin: tuple[str, ...] = ()
    fallback: tuple[str, ...]
    complete: bool = True  # every need is written in it; otherwise only the needs of haste and harm
    open: bool = True  # offered to people; a language in preparation may still lack texts

    def order(self, spoken: Sequence[str]) -> tuple[str, ...]:
        """The languages to look for a text in, where `spoken` is spoken: there somebody near can read it aloud."""
        return tuple(dict.fromkeys((self.code, *self.kin, *spoken, *self.fallback)))


def read_languages(reader: Reader, folder: Path) -> dict[str, Language]:
    """The languages of `languages.yml`, in the order in which they are offered."""
    listed = reader.read(folder / "languages.yml", tuple[Language, ...]) or ()
    return {language.code: language for language in listed}
