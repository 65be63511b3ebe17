"""How easy a text is to read, by the published measure of its language; higher is easier.

Spanish: Fernández Huerta (1959) as corrected by Law. Portuguese: Flesch adapted by Martins et al. (1996).
English: Flesch (1948). French: Kandel and Moles (1958). For Haitian Creole no published measure is known,
so only the length of its sentences is checked.
"""

from __future__ import annotations

import re
import unicodedata

from content.folding import without_accents

_SENTENCE = re.compile(r"[.!?…:;]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = {
    "es": re.compile(r"[aeo]h?[iu]?|[iu][aeo]|[íú]|[iu]"),
    "pt": re.compile(r"[ãõ][eoi]?|[aeo][iu]?|[iu]"),
    "en": re.compile(r"[aeiouy]+"),
    "fr": re.compile(r"[aeiouyœ]+"),
}
# score = base - per_sentence * words per sentence - per_word * syllables per word
_FORMULAS = {
    "es": (206.84, 1.02, 60.0),
    "pt": (248.835, 1.015, 84.6),
    "en": (206.835, 1.015, 84.6),
    "fr": (207.0, 1.015, 73.6),
}


def sentences(text: str) -> list[str]:
    """The sentences of a text; a colon or semicolon ends one too, since the reader pauses there."""
    return [piece.strip() for piece in _SENTENCE.split(text) if _WORD.search(piece)]


def longest_sentence(text: str) -> int:
    """Words in the longest sentence."""
    return max((len(_WORD.findall(sentence)) for sentence in sentences(text)), default=0)


def reading_ease(text: str, language: str) -> float | None:
    """The measure of the language, usually 0 to 100; None where no measure is published or no word stands."""
    words = _WORD.findall(text.lower())
    if language not in _FORMULAS or not words:
        return None
    base, per_sentence, per_word = _FORMULAS[language]
    syllables = sum(_syllables(word, language) for word in words)
    return base - per_sentence * len(words) / max(1, len(sentences(text))) - per_word * syllables / len(words)


def _syllables(word: str, language: str) -> int:
    plain = unicodedata.normalize("NFC", word)
    if language in ("es", "pt"):
        plain = plain.translate(str.maketrans("áéóàâêôü", "aeoaaeou"))
    else:
        plain = without_accents(plain)
        plain = re.sub(r"(?<=[^aeiouy])e(s|nt)?$", "", plain) or plain
    return max(1, len(_VOWELS[language].findall(plain)))
