"""The interface's words, by language, and dates, numbers and lists as the language writes them (CLDR).

English sentences are the message ids. Catalogues are read from their .po sources, so that a corrected
translation needs no build step. A missing translation shows the English sentence, and the check of the
catalogues fails on it. Facts and rights never live here.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_currency_name

CATALOGUES = Path(__file__).resolve().parent.parent / "locales"
# CLDR has no Haitian Creole data; French conventions of dates and numbers are the nearest in use there.
_LOCALES = {"es": "es_419", "pt": "pt_BR", "en": "en", "fr": "fr", "ht": "fr"}
_HAITIAN_MONTHS = (
    "janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm",
)  # fmt: skip
_HAITIAN_MONEY = {"USD": "dola ameriken", "BRL": "reyal brezilyen", "ARS": "peso ajanten"}
_HAITIAN_DAYS = ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch")


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "to be translated later")
    """Mark a constant for extraction; it is translated where it is shown."""
    return message


class Wording:
    """Words of one language: call it with an English sentence and the values of its placeholders."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self.locale = Locale.parse(_LOCALES.get(language, "es_419"))

    def __call__(self, message: str, /, **values: object) -> str:
        translated = self._translations.gettext(message)
        return translated.format(**values) if values else translated

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The sentence for `count` things; `{count}` is available to it."""
        return self._translations.ngettext(singular, plural, count).format(count=count, **values)

    def date(self, day: dt.date) -> str:
        """A day in full: 3 de mayo de 2025."""
        if self.language == "ht":
            return f"{day.day} {_HAITIAN_MONTHS[day.month - 1]} {day.year}"
        return str(format_date(day, "long", locale=self.locale))

    def day(self, day: dt.date) -> str:
        """A day of this year, or of one that is plain: 3 de mayo."""
        if self.language == "ht":
            return f"{day.day} {_HAITIAN_MONTHS[day.month - 1]}"
        moment = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day of the calendar has no zone)
        return str(format_skeleton("MMMMd", moment, locale=self.locale))

    def month(self, day: dt.date) -> str:
        """Month and year: mayo de 2025."""
        if self.language == "ht":
            return f"{_HAITIAN_MONTHS[day.month - 1]} {day.year}"
        moment = dt.datetime(day.year, day.month, 1)  # noqa: DTZ001 (a calendar month has no zone)
        return str(format_skeleton("yMMMM", moment, locale=self.locale))

    def weekday(self, day: dt.date) -> str:
        """The name of the day of the week: lunes."""
        if self.language == "ht":
            return _HAITIAN_DAYS[day.weekday()]
        return str(format_date(day, "EEEE", locale=self.locale))

    def time(self, moment: dt.time | dt.datetime) -> str:
        """A time of day on 24 hours, as offices write it in the region: 14:30."""
        return str(format_time(moment, "HH:mm", locale=self.locale))

    def number(self, value: float) -> str:
        """A number with the separators of the language."""
        return str(format_decimal(value, locale=self.locale))

    def money(self, amount: float, currency: str) -> str:
        """An amount with the currency's name, which is read aloud well; cents only where there are any."""
        pattern = "#,##0" if float(amount).is_integer() else "#,##0.00"
        if self.language == "ht":
            return f"{format_decimal(amount, pattern, locale=self.locale)} {_HAITIAN_MONEY.get(currency, currency)}"
        number = format_decimal(amount, pattern, locale=self.locale)
        return f"{number} {get_currency_name(currency, count=amount, locale=self.locale)}"

    def list(self, items: Sequence[str]) -> str:
        """Items joined as the language lists them."""
        if self.language == "ht" and len(items) > 1:
            return ", ".join(items[:-1]) + " ak " + items[-1]
        return str(format_list(list(items), locale=self.locale))


@lru_cache(maxsize=16)
def wording(language: str) -> Wording:
    """The words of a language; unknown languages get the English sentences."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Wording(language, gettext.NullTranslations())
    with path.open("rb") as source:
        catalogue = read_po(source, locale=_LOCALES.get(language, "en"))
    return Wording(language, _compiled(catalogue))


def _compiled(catalogue: Any) -> gettext.NullTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
