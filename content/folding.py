"""Words as they are looked for: a phone's keyboard must find what an office writes. Nothing folded is ever shown."""

from __future__ import annotations

import re
import unicodedata


def without_accents(text: str) -> str:
    """A text with the bare letters alone, as many people type it; letters of other scripts stay."""
    if text.isascii():  # as most words are
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def folded(text: str) -> str:
    """Lower case, without accents and without letters of other scripts."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def bare_words(text: str) -> list[str]:
    """The words of a text in lower case and bare letters, in order; what stands between them is left out."""
    return re.findall(r"[^\W_]+", without_accents(text.lower()))
