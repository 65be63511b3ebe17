"""The one number that a message says: "2", "la segunda", "o 2", "dezyèm lan", a keycap, a digit of another script.

For people who answer a keyboard in words. Pure, and careful: a message that says anything else beside its number
("2 noches", "1 hijo"), or a number that is as long as those one calls (911), says no number here.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 60  # characters; nobody needs more to say a number
_TEN = "\N{KEYCAP TEN}"
# Marks that may stand around a number; "-1", "1/2", "+1" or "$1" are something else.
_AROUND = frozenset(("So", "Sk", "Zs", "Ps", "Pe", "Pi", "Pf", "Cc", "Cf"))
_AROUND_TOO = frozenset(".,;:!¡?¿#*'\"·•")
_DIGITS = re.compile(
    r"(?:no?)?(\d{1,2})(?:o|a|er|ero|era|ro|ra|do|da|to|ta|vo|va|no|na|mo|ma|st|nd|rd|th|e|re|ere|em|eme|ye|yem)?"
)
_COUNTED = (
    "uno una um uma un une one youn",
    "dos dois duas deux two de",
    "tres trois three twa",
    "cuatro quatro quatre four kat",
    "cinco cinq five senk",
    "seis six sis",
    "siete sete sept seven set",
    "ocho oito huit eight uit",
    "nueve nove neuf nine nef",
    "diez dez dix ten dis",
)
_ORDERED = (
    "primero primera primer primeiro primeira premier premiere first premye",
    "segundo segunda second seconde deuxieme dezyem",
    "tercero tercera tercer terceiro terceira troisieme third twazyem",
    "cuarto cuarta quarto quarta quatrieme fourth katriyem",
    "quinto quinta cinquieme fifth senkyem",
    "sexto sexta sixieme sixth sizyem",
    "septimo septima setimo setima septieme seventh setyem",
    "octavo octava oitavo oitava huitieme eighth uityem",
    "noveno novena nono nona neuvieme ninth nevyem",
    "decimo decima dixieme tenth dizyem",
)
_VALUES = {
    word: value
    for words in (_COUNTED, _ORDERED)
    for value, line in enumerate(words, start=1)
    for word in line.split()
}
_ARTICLES = frozenset(("el", "la", "lo", "o", "a", "le", "l", "the"))
_NAMES = frozenset((
    "opcion", "opcao", "option", "opsyon", "numero", "nimewo", "number", "num", "nro", "no", "n",
    "boton", "botao", "button", "bouton", "choix", "chwa",
))  # fmt: skip
_WISHES = frozenset((
    "quiero", "elijo", "escojo", "prefiero", "quero", "escolho", "prefiro", "i", "want", "choose",
    "je", "veux", "choisis", "prends", "mwen", "vle", "chwazi",
))  # fmt: skip
# A room ("quarto") and a day ("segunda") are asked for too; "de" is two in Creole and "of" elsewhere.
_ROOMS = frozenset(("cuarto", "quarto"))
_DAYS = frozenset(("segunda", "quarta", "quinta", "sexta"))
_AFTER = frozenset(("la", "a", "an", "nan", "lan", "por", "favor", "please", "svp", "tanpri"))


def number_said(text: str, language: str | None = None) -> int | None:
    """The number that a message says and nothing beside it, 0 to 99; None for every other message."""
    said = _said(text)
    if said is None:
        return None
    if said[-1:] == ["one"] and any(map(_value, said[:-1])):  # "the second one"
        said.pop()
    found = [(at, value) for at, word in enumerate(said) if (value := _value(word)) is not None]
    if len(found) != 1:
        return None
    at, value = found[0]
    before, after = said[:at], said[at + 1 :]
    if set(before) - _ARTICLES - _NAMES - _WISHES or set(after) - _AFTER:
        return None
    return None if _may_be_a_thing(said[at], before, language) else value


def _may_be_a_thing(word: str, before: list[str], language: str | None) -> bool:
    """Whether the word of the number is more often something else, said like this."""
    if word == "de":
        return _NAMES.isdisjoint(before[-1:])
    if word in _ROOMS:
        return (_ARTICLES | _NAMES).isdisjoint(before[-1:]) or not _WISHES.isdisjoint(before)
    return word in _DAYS and language == "pt" and not before


def _value(word: str) -> int | None:
    written = _DIGITS.fullmatch(word)
    return int(written[1]) if written else _VALUES.get(word)


def _said(text: str) -> list[str] | None:
    """The words in bare letters and plain digits; None when a sign stands there that belongs to no number."""
    if len(text) > _LONGEST:
        return None
    kept = [_bare(one) for one in unicodedata.normalize("NFKD", text.replace(_TEN, "10")).lower()]
    return None if None in kept else "".join(one or "" for one in kept).split()


def _bare(character: str) -> str | None:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind[0] == "M":
        return ""
    if kind[0] in "LN":
        return character
    return " " if kind in _AROUND or character in _AROUND_TOO else None
