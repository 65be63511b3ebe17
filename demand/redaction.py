"""What is cut out of a sentence before it may be held: numbers, addresses, handles, links, names after "my name is".

Pure. It cuts too much rather than too little, and the person still sees the result before anything is sent. Nothing
here can know every name: a name written small without such words before it stays, unless the reader takes it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from content.folding import without_accents

CUT = "[...]"
MOST_CHARACTERS = 300
_SHORTEST_WORDS = 3
_ADDRESS = re.compile(r"@|://|/|\\|^www\.|\w\.\w|^t\.me", re.IGNORECASE)
_EDGES = ".,;:!?¡¿()\"'«»“”…"
# What comes before a name, in the five languages, without accents.
_INTRODUCES = (
    "me llamo", "mi nombre es", "mi nombre", "soy", "se llama", "llamado", "llamada", "señor", "señora",
    "me chamo", "meu nome e", "meu nome", "sou o", "sou a", "se chama", "chamado", "chamada", "senhor", "senhora",
    "my name is", "my name", "i am", "im", "called", "named", "mr", "mrs", "ms",
    "je m appelle", "je mappelle", "mon nom est", "mon nom", "je suis", "s appelle", "monsieur", "madame",
    "mwen rele", "non mwen se", "non mwen", "yo rele m", "yo rele", "mesye", "madanm",
)  # fmt: skip
_MOST_NAMES = 4


def redacted(text: str, known: Mapping[str, str], names: Iterable[str] = ()) -> str:
    """The sentence without what could lead to a person; `known` are harmless words, `names` those of places."""
    said = _clean(text).split()
    cut = [_telling(word) or _named(word, known, first=at == 0) for at, word in enumerate(said)]
    _cut_after_introductions(said, cut, known)
    _cut_names(said, cut, {tuple(_plain(word) for word in name.split()) for name in names})
    kept = [CUT if gone else word for word, gone in zip(said, cut, strict=True)]
    return _shortened([word for at, word in enumerate(kept) if word != CUT or at == 0 or kept[at - 1] != CUT])


def worth_sending(sentence: str) -> bool:
    """Whether enough is left for somebody to learn from."""
    return sum(word != CUT for word in sentence.split()) >= _SHORTEST_WORDS


def _clean(text: str) -> str:
    """One line of visible characters; full-width letters and digits as plain ones, nothing hidden between them."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(" " if one.isspace() else one for one in folded if one.isspace() or one.isprintable())


def _plain(word: str) -> str:
    return without_accents(word.lower()).strip(_EDGES)


def _telling(word: str) -> bool:
    """Numbers of any script, and whatever looks like an address, a handle or a link."""
    return any(one.isnumeric() for one in word) or bool(_ADDRESS.search(word.strip(_EDGES)))


def _named(word: str, known: Mapping[str, str], *, first: bool) -> bool:
    """A word written large that our own texts do not know small; letters alone may be an abbreviation of a name too."""
    letters = word.strip(_EDGES)
    if not letters or letters.islower() or not any(one.isalpha() for one in letters):
        return False
    return _plain(word) not in known and not (first and len(letters) <= _SHORTEST_WORDS)


def _cut_after_introductions(said: list[str], cut: list[bool], known: Mapping[str, str]) -> None:
    """After "me llamo" and its like: the next words, until a comma or a word that our own texts know."""
    plain = [_plain(word) for word in said]
    introductions = [tuple(without_accents(one).split()) for one in _INTRODUCES]
    for at in range(len(plain)):
        lengths = [len(one) for one in introductions if tuple(plain[at : at + len(one)]) == one]
        if not lengths:
            continue
        start = at + max(lengths)
        for place in range(start, min(start + _MOST_NAMES, len(plain))):
            if plain[place] in known:
                break
            cut[place] = True
            if said[place][-1] in _EDGES:
                break


def _cut_names(said: list[str], cut: list[bool], names: Collection[tuple[str, ...]]) -> None:
    plain = [_plain(word) for word in said]
    for at in range(len(plain)):
        for name in names:
            if tuple(plain[at : at + len(name)]) == name:
                cut[at : at + len(name)] = [True] * len(name)


def _shortened(parts: list[str]) -> str:
    """Whole words up to the limit."""
    line = ""
    for word in parts:
        if len(line) + 1 + len(word) > MOST_CHARACTERS:
            break
        line = " ".join([line, word]).strip()
    return line
