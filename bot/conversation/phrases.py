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
# "Is there another one, nearer?", word by word, so that a message that names anything else is left to the engine.
_ANOTHER = frozenset(
    ("otro", "otra", "otros", "otras", "outro", "outra", "outros", "outras", "another", "autre", "lot")
)
_NEARER = frozenset(
    (
        "cerca",
        "cercano",
        "cercana",
        "perto",
        "proximo",
        "proxima",
        "closer",
        "nearer",
        "proche",
        "pres",
        "pre",
    )
)
_ABOUT_ANOTHER = frozenset((
    "a", "algun", "alguno", "alguna", "any", "aqui", "casa", "d", "da", "daqui", "de", "e", "en", "est", "existe", "gen", "hay", "il",
    "ici", "is", "isit", "lugar", "lugares", "mais", "mas", "me", "mi", "mim", "minha", "mwen", "no", "of", "one", "pi", "place",
    "plus", "que", "sitio", "t", "tem", "there", "tiene", "to", "un", "una", "uno", "une", "y", "ya", "yon",
))  # fmt: skip
_OTHER_MEANT = frozenset((
    "no es eso", "no era eso", "no es esto", "eso no", "eso no es", "eso no era", "no pregunte eso", "eso no pregunte",
    "no es lo que pregunte", "eso no es lo que pregunte", "no es lo que busco", "eso no es lo que busco",
    "nao e isso", "nao era isso", "nao e isto", "isso nao", "nao perguntei isso", "nao foi isso que perguntei",
    "nao e o que perguntei", "nao e isso que perguntei", "nao e o que procuro",
    "not that", "that is not it", "that s not it", "this is not it", "that is not what i asked", "not what i asked",
    "that s not what i asked", "that is not what i meant", "ce n est pas ca", "c est pas ca", "ce n est pas cela",
    "ce n est pas ce que j ai demande", "se pa sa", "se pa sa m te mande", "se pa sa mwen te mande",
))  # fmt: skip
# What stands around a name in "what is the telephone number of X?".
_AROUND_A_NAME = frozenset((
    "a", "ak", "al", "and", "as", "con", "cual", "da", "dame", "de", "del", "dime", "do", "donde", "e", "el", "en", "es", "esta",
    "estan", "favor", "find", "for", "is", "ki", "kote", "la", "las", "le", "les", "los", "me", "nan", "necesito", "nimewo",
    "number", "numero", "o", "of", "onde", "ou", "para", "por", "pou", "preciso", "qual", "que", "quero", "quiero", "s", "saber",
    "se", "the", "tem", "tiene", "to", "what", "y", "yo",
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


def asks_for_another(text: str) -> bool:
    """Whether a message asks for another place than those that were shown, and says nothing else."""
    return _says_only(text, _ANOTHER)


def asks_nearer(text: str) -> bool:
    """Whether a message asks for a place that is nearer, and says nothing else."""
    return _says_only(text, _NEARER)


def _says_only(text: str, words: frozenset[str]) -> bool:
    said = set(folded(text))
    return not said.isdisjoint(words) and said <= _ANOTHER | _NEARER | _ABOUT_ANOTHER


def says_other_meant(text: str) -> bool:
    """Whether a message says that the answer is about something else than the question, and nothing else."""
    return " ".join(folded(text)) in _OTHER_MEANT


def name_asked_about(text: str) -> str:
    """What is named in a question about when, where or how to call; empty when nothing is, or it is no such question."""
    if not asks_about_doors(text):
        return ""
    return " ".join(word for word in folded(text) if word not in _DOORS | _AROUND_A_NAME)


def language_named(text: str) -> str | None:
    """The one language that a message names; None when it names none or several."""
    said = set(folded(text))
    named = [code for code, names in _LANGUAGES.items() if not said.isdisjoint(names)]
    return named[0] if len(named) == 1 else None
