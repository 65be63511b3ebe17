"""What a caseworker writes about a service, read by rules: "cerrado hoy", "lleno hasta el lunes", "teléfono nuevo …".

Pure and deterministic, in Spanish, Portuguese and English. What is left of the text is the name of the service.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from referrals.phones import tel_uri

KINDS = ("closed", "full", "open", "room", "phone")
_LONGEST = 160
_DAYS = (
    ("lunes", "segunda", "segunda-feira", "monday"), ("martes", "terca", "terca-feira", "tuesday"),
    ("miercoles", "quarta", "quarta-feira", "wednesday"), ("jueves", "quinta", "quinta-feira", "thursday"),
    ("viernes", "sexta", "sexta-feira", "friday"), ("sabado", "saturday"), ("domingo", "sunday"),
)  # fmt: skip
_WEEKDAYS = {name: number for number, names in enumerate(_DAYS) for name in names}
_NAMED_DAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("enero", "janeiro", "january"), ("febrero", "fevereiro", "february"), ("marzo", "marco", "march"),
            ("abril", "april"), ("mayo", "maio", "may"), ("junio", "junho", "june"), ("julio", "julho", "july"),
            ("agosto", "august"), ("septiembre", "setiembre", "setembro", "september"),
            ("octubre", "outubro", "october"), ("noviembre", "novembro", "november"),
            ("diciembre", "dezembro", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_ROOM = r"(?:ya )?(?:hay cupos?|hay lugar|ja ha vagas?|ha vagas?|tem vagas?|there is room|has room|not full|ya no esta llen[oa])"
_OPEN = r"(?:abiert[oa]s?(?: otra vez| de nuevo)?|abert[oa]s?(?: de novo)?|reabiert[oa]|reabert[oa]|open again|reopened)"
_FULL = r"(?:esta )?(?:llen[oa]s?|sin cupos?|lotad[oa]s?|chei[oa]s?|sem vagas?|full)"
_CLOSED = r"(?:esta )?(?:cerrad[oa]s?|fechad[oa]s?|closed)"
_PHONE = (
    r"(?:telefono nuevo|nuevo telefono|nuevo numero|numero nuevo|telefone novo|novo telefone|novo numero|new phone"
    r"|new number|new telephone)"
)
_STATES = (("room", _ROOM), ("open", _OPEN), ("full", _FULL), ("closed", _CLOSED))
_UNTIL = r"(?:hasta|ate|until|till)(?: el| la| o| a| the)?"
_DATE = r"(\d{1,2})(?:[/.-](\d{1,2})(?:[/.-](\d{4}))?| (?:de )?([a-z]+)(?: (?:de |del )?(\d{4}))?)"
_SPANS = {
    "una semana": 7, "uma semana": 7, "a week": 7, "one week": 7, "dos semanas": 14, "duas semanas": 14,
    "two weeks": 14, "un mes": 30, "um mes": 30, "a month": 30, "one month": 30,
}  # fmt: skip
_FOREVER = r"hasta nuevo aviso|hasta que avisemos|ate novo aviso|ate segunda ordem|until further notice"
_WORK = frozenset(("pendientes", "pendiente", "avisos", "pendencias", "pendentes", "pending", "open work"))
_AROUND = frozenset(
    [
        "el",
        "la",
        "los",
        "las",
        "o",
        "a",
        "os",
        "as",
        "the",
        "esta",
        "estan",
        "is",
        "de",
        "del",
        "do",
        "da",
        "en",
        "em",
        "por",
        "for",
        "para",
        "y",
        "e",
        "hoy",
        "hoje",
        "today",
        "un",
        "una",
        "um",
        "uma",
        "es",
        "desde",
        "sigue",
        "quedo",
        "ficou",
    ]
)


@dataclass(frozen=True)
class Change:
    """What to change. `until`: the last day it holds (None: until somebody says otherwise). `name`: of which service."""

    kind: str
    until: date | None = None
    phone: str = ""
    name: str = ""

    @property
    def value(self) -> str:
        """The change without the name, as one word for a button or a memory."""
        return self.phone or (self.until.isoformat() if self.until else "")


def change_of(kind: str, value: str) -> Change:
    """The change of a kind and the word that `value` gave."""
    if kind == "phone":
        return Change(kind, phone=value)
    return Change(kind, date.fromisoformat(value) if value else None)


def asks_for_work(text: str) -> bool:
    """Whether a caseworker asks what waits for them."""
    return _plain(text).strip(" .!?¿¡") in _WORK


def names_change(text: str) -> bool:
    """Whether a caseworker's line is meant as a change, readable or not."""
    line = _plain(" ".join(text.split()))
    words = (_PHONE, *(words for _, words in _STATES))
    return len(line) <= _LONGEST and "?" not in line and any(re.search(rf"\b{one}\b", line) for one in words)


def read_change(text: str, today: date) -> Change | None:
    """What a caseworker's line changes; None when it says no change, or a day that is over or not a day."""
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST or "\n" in text.strip() or "?" in line:
        return None
    return _phone(line) or _state(line, today)


def _phone(line: str) -> Change | None:
    found = re.search(
        rf"{_PHONE}\s*(?:es|e|is)?\s*:?\s*(?P<number>\+?[\d\s().-]{{3,24}}(?:ext\.?\s*\d+)?)", _plain(line)
    )
    if not found:
        return None
    number = " ".join(line[found.start("number") : found.end("number")].split()).strip(" .-")
    try:
        tel_uri(number)
    except ValueError:
        return None
    return Change("phone", phone=number, name=_name(line, found.start(), found.end()))


def _state(line: str, today: date) -> Change | None:
    plain = _plain(line)
    for kind, words in _STATES:
        found = re.search(rf"\b{words}\b", plain)
        if not found:
            continue
        rest, end = plain[found.end() :], found.end()
        if kind in ("open", "room"):
            return Change(kind, name=_name(line, found.start(), end))
        span = _until(rest, today)
        if span is None:
            return None
        until, length = span
        if kind == "full" and until is None:
            return None  # full without a day would never be looked at again
        return Change(kind, until, name=_name(line, found.start(), end + length))
    return None


def _until(rest: str, today: date) -> tuple[date | None, int] | None:
    """The last day, and how much of the text said so; today when nothing is said."""
    if found := re.match(rf"\s*,?\s*(?:{_FOREVER})\b", rest):
        return None, found.end()
    for words, days in _SPANS.items():
        if found := re.match(rf"\s*,?\s*(?:por |durante |for )?{words}\b", rest):
            return today + timedelta(days=days), found.end()
    if found := re.match(rf"\s*,?\s*{_UNTIL}\s+(?:(hoy|hoje|today)|(manana|amanha|tomorrow))\b", rest):
        return today + timedelta(days=1 if found[2] else 0), found.end()
    if found := re.match(rf"\s*,?\s*{_UNTIL}\s+({_NAMED_DAY})\b(?!-)", rest):
        return _weekday(found, today)
    if found := re.match(rf"\s*,?\s*{_UNTIL}\s+(?:dia )?{_DATE}", rest):
        day = _day(found, today)
        return (day, found.end()) if day is not None else None
    if re.match(rf"\s*,?\s*{_UNTIL}\b", rest):
        return None
    found = re.match(r"\s*,?\s*(?:hoy|hoje|today)\b", rest)
    return today, found.end() if found else 0


def _weekday(found: re.Match[str], today: date) -> tuple[date | None, int]:
    return today + timedelta(days=(_WEEKDAYS[found[1]] - today.weekday()) % 7 or 7), found.end()


def _day(found: re.Match[str], today: date) -> date | None:
    """A day that is not over; without a year the next one of that name."""
    month = int(found[2]) if found[2] else _MONTHS.get(found[4] or "", 0)
    year = int(found[3] or found[5] or 0)
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            day = date(candidate, month, int(found[1]))
        except ValueError:
            continue
        if day >= today:
            return day if day - today <= timedelta(days=366) else None
    return None


def _name(line: str, start: int, end: int) -> str:
    """What stands around the change, without small words at its edges."""
    words = f"{line[:start]} {line[end:]}".replace(":", " ").replace(",", " ").split()
    while words and _plain(words[0]).strip(".!") in _AROUND - {"la", "el", "los", "las"}:
        words.pop(0)
    while words and _plain(words[-1]).strip(".!") in _AROUND:
        words.pop()
    return " ".join(words).strip(" .-!")


def _plain(text: str) -> str:
    """Lower case without accents, letter for letter, so that positions stay the same."""
    return "".join(_bare(character) for character in text)


def _bare(character: str) -> str:
    bare = unicodedata.normalize("NFKD", character.lower())[:1]
    return bare or character
