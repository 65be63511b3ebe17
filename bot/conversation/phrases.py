"""What short messages say by their very words, in the five languages: only a place, the same again, repeat, not clear.

Pure, and narrow on purpose: a message that says anything else is left to the engine. Nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from content.folding import without_accents

# "The same, and there?" in the five languages, without accents.
_SAME = frozenset(("mismo", "misma", "igual", "mesmo", "mesma", "same", "meme", "pareil", "menm"))
_AND = frozenset(("y", "e", "i", "and", "et", "epi", "ak"))
_IN = frozenset(("en", "em", "in", "a", "la", "na", "no", "nan"))
# What may stand around the name of a place in a message that says nothing else.
_AROUND = frozenset((
    "a", "aca", "agora", "ahora", "am", "an", "aqui", "are", "au", "bairro", "barrio", "cerca", "cidade",
    "city", "ciudad", "da", "dans", "de", "del", "do", "el", "em", "en", "esta", "estado", "estamos", "estou",
    "estoy", "eu", "habite", "i", "in", "j", "je", "katye", "kounye", "l", "la", "lavil", "live", "mi",
    "minha", "mora", "moramos", "moro", "mwen", "my", "na", "nan", "no", "nos", "nou", "nous", "now", "o",
    "of", "on", "pa", "perto", "por", "province", "provincia", "quartier", "que", "resido", "rete", "sao",
    "se", "sector", "setor", "si", "sim", "sommes", "somos", "sou", "soy", "suis", "the", "to", "un", "vil",
    "ville", "viv", "vivemos", "vivimos", "vivo", "we", "y", "yes", "yo", "zona",
))  # fmt: skip
_REPEAT = frozenset((
    "repita", "repite", "repitalo", "repita por favor", "puede repetir", "puede repetirlo", "otra vez", "de nuevo",
    "repete", "repita por favor", "pode repetir", "de novo", "outra vez", "mais uma vez",
    "repeat", "repeat please", "please repeat", "again", "say it again", "can you repeat", "can you repeat that",
    "repetez", "repete s il te plait", "repetez s il vous plait", "encore une fois", "vous pouvez repeter",
    "repete l", "repete tanpri", "repete sa", "di l anko", "anko", "yon lot fwa",
))  # fmt: skip
_UNCLEAR = frozenset((
    "no entiendo", "no entendi", "no le entiendo", "no entiendo nada", "no comprendo", "no te entiendo", "como asi",
    "nao entendi", "nao entendo", "nao entendi nada", "nao compreendi", "nao compreendo", "n entendi", "como assim",
    "i don t understand", "i dont understand", "i do not understand", "i didn t understand", "not clear",
    "je ne comprends pas", "je comprends pas", "je n ai pas compris", "j ai pas compris", "pas compris",
    "mwen pa konprann", "m pa konprann", "mwen pa konprann anyen", "pa konprann", "mpa konprann",
))  # fmt: skip
# When, where, how to reach: what stands at the doors, below an answer that was read already.
_DOORS = frozenset((
    "abren", "abre", "abierto", "cierran", "cierra", "atienden", "atiende", "hora", "horas", "horario", "queda", "quedan",
    "direccion", "ubicacion", "telefono", "llego", "llegar", "abrem", "aberto", "fecham", "fecha", "atendem", "atende", "fica",
    "ficam", "endereco", "localizacao", "telefone", "chego", "chegar", "open", "opens", "close", "hours", "where", "address",
    "phone", "ouvre", "ouvert", "ferme", "heure", "heures", "adresse", "telephone", "ouvri", "femen", "le", "adres", "telefon",
))  # fmt: skip
_SHORT = 8  # words; a longer message tells something of its own
_LANGUAGES = {
    "es": ("espanol", "castellano", "spanish", "espanhol", "espagnol", "panyol"),
    "pt": ("portugues", "portuguese", "portugais", "potige"),
    "en": ("ingles", "english", "anglais", "angle"),
    "fr": ("frances", "french", "francais", "franse"),
    "ht": ("kreyol", "creole", "creol", "crioulo"),
}


def folded(text: str) -> list[str]:
    """The words of a text in lower case, without accents."""
    return re.findall(r"[a-z0-9]+", without_accents(text.lower()))


def says_only_a_place(text: str, names: Iterable[str]) -> bool:
    """Whether a message names a place and says nothing else."""
    known = {word for name in names for word in folded(name)}
    words = folded(text)
    return any(word in known for word in words) and all(word in known or word in _AROUND for word in words)


def is_a_name(text: str, names: Iterable[str]) -> bool:
    """Whether a message is the name of a place and not a word more."""
    return set(folded(text)) <= {word for name in names for word in folded(name)}


def asks_the_same(text: str) -> bool:
    """Whether a message asks for the same again, as in "the same in São Paulo"."""
    return not _SAME.isdisjoint(folded(text)) and len(folded(text)) <= 9


def asks_there(text: str, names: Iterable[str]) -> bool:
    """Whether a message asks "and in São Paulo?": and, in, the name, and nothing else."""
    first, *others = folded(text) or [""]
    known = {word for name in names for word in folded(name)}
    return first in _AND and not known.isdisjoint(others) and known | _IN >= set(others)


def asks_again(text: str) -> bool:
    """Whether a message asks to hear the last thing again, and nothing else."""
    return " ".join(folded(text)) in _REPEAT


def says_unclear(text: str) -> bool:
    """Whether a message says that the last thing was not understood, and nothing else."""
    return " ".join(folded(text)) in _UNCLEAR


def asks_about_doors(text: str) -> bool:
    """Whether a short message asks when places open, where they are or how to call them."""
    return len(folded(text)) <= _SHORT and not _DOORS.isdisjoint(folded(text))


def language_named(text: str) -> str | None:
    """The one language that a message names; None when it names none or several."""
    said = set(folded(text))
    named = [code for code, names in _LANGUAGES.items() if not said.isdisjoint(names)]
    return named[0] if len(named) == 1 else None
