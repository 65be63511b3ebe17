"""Turns what a person typed into words that can be counted, whatever the keyboard did to them.

Pure: same text, same words. It never corrects spelling (that needs a vocabulary, see `repair`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAXIMUM_CHARACTERS = 4000  # a telling of that length is a page; what follows no longer changes its need
MAXIMUM_WORDS = 400
_WORD = re.compile(r"[^\W_]+")
_ELONGATED = re.compile(r"(.)\1{2,}")
_LONG_NUMBER = re.compile(r"\d{5,}")
# Only what a picture says about the need; the rest is decoration.
_PICTURES = {
    **dict.fromkeys("😭😢😔😞😥☹🥺💔😿", "emojisad"),
    **dict.fromkeys("😡😠🤬", "emojiangry"),
    **dict.fromkeys("😂🤣😄😁😆😅😹", "emojilaugh"),
    **dict.fromkeys("🙏", "emojiplease"),
    **dict.fromkeys("👍👌✅🆗", "emojiyes"),
    **dict.fromkeys("👎❌🚫", "emojino"),
    **dict.fromkeys("👋🙋", "emojihello"),
    **dict.fromkeys("❤🧡💛💚💙💜🥰😘🤗😍", "emojilove"),
    **dict.fromkeys("🆘🚨⚠", "emojialarm"),
    **dict.fromkeys("🚑", "emojiambulance"),
    **dict.fromkeys("🔪🔫🗡", "emojiweapon"),
    **dict.fromkeys("👶🍼🤱", "bebe"),
    **dict.fromkeys("🤰", "emojipregnant"),
    **dict.fromkeys("🏳🌈⚧", "lgbti"),
    **dict.fromkeys("⚽", "emojiball"),
    **dict.fromkeys("🏥💊🤒🤕", "emojihealth"),
}


@lru_cache(maxsize=1)
def _pictures() -> dict[int, str]:
    return {ord(picture): f" {word} " for picture, word in _PICTURES.items()}


class _WithoutAccents(dict[int, int | None]):
    """What `str.translate` makes of a character: nothing of an accent, itself of any other; looked up once each."""

    def __missing__(self, character: int) -> int | None:
        self[character] = None if unicodedata.combining(chr(character)) else character
        return self[character]


_LETTERS = _WithoutAccents()


def plain(text: str) -> str:
    """Lower case without accents, elongations shortened (`holaaaa` → `hola`), known pictures as words."""
    text = text[:MAXIMUM_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_pictures()).lower()).translate(_LETTERS)
    else:
        text = text.lower()
    return _LONG_NUMBER.sub(" 00000 ", _ELONGATED.sub(r"\1", text))


def words_of(text: str) -> list[str]:
    """The words of a text in order, at most `MAXIMUM_WORDS`."""
    return words_in(plain(text))


def words_in(flat: str) -> list[str]:
    """The words of a text that is `plain` already."""
    return _WORD.findall(flat)[:MAXIMUM_WORDS]


_SOUNDS = (
    (re.compile(r"qu(?=[ei])"), "k"),
    (re.compile(r"[ck]h"), "x"),
    (re.compile(r"sh"), "x"),
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"[cq]"), "k"),
    (re.compile(r"[zs]+"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"ll|y"), "i"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"h"), ""),
    (re.compile(r"w"), "u"),
    (re.compile(r"m(?=[bp])"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def sound(word: str) -> str:
    """How a word sounds to a Spanish or Portuguese ear: `bacunas` and `vacunas` are alike."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
