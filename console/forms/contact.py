"""The form of name, telephones and address. A secret address is kept for the desk and shown to nobody."""

from __future__ import annotations

import re

import phonenumbers

from console.forms import Form, Outcome, Typed
from content.wording import N_, Wording
from referrals.records import ServiceRecord

_PLAIN = ("name", "email", "url", "whatsapp", "address", "district")
_EXTENSION = re.compile(r"\s*(?:ext\.?|opción|opção|option|ramal|interno)\s*\d+\s*$", re.IGNORECASE)


def form() -> Form:
    """The form."""
    return Form("contact", N_("Name, telephones and address"), "form_contact.html", typed, read)


def typed(record: ServiceRecord) -> Typed:
    """The record as fields."""
    return {
        **{name: getattr(record, name) or "" for name in _PLAIN},
        "phones": "\n".join(record.phones),
        "hidden_address": "yes" if record.hidden_address else "",
        "latitude": "" if record.latitude is None else str(record.latitude),
        "longitude": "" if record.longitude is None else str(record.longitude),
    }


def read(given: Typed, record: ServiceRecord, w: Wording) -> Outcome:
    """Fields as values of the record."""
    outcome = Outcome({name: given.get(name) or None for name in _PLAIN})
    outcome.values["hidden_address"] = bool(given.get("hidden_address"))
    if not outcome.values["name"]:
        outcome.errors["name"] = w("A service needs a name.")
    if (mail := outcome.values["email"]) and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", mail):
        outcome.errors["email"] = w("{text} is not an e-mail address.", text=mail)
    if (url := outcome.values["url"]) and not re.fullmatch(r"https?://[^\s]+", url):
        outcome.errors["url"] = w("Write the web page beginning with https://")
    _read_phones(given, record, outcome, w)
    _read_point(given, outcome, w)
    return outcome


def _read_phones(given: Typed, record: ServiceRecord, outcome: Outcome, w: Wording) -> None:
    numbers = [line.strip() for line in given.get("phones", "").split("\n") if line.strip()]
    country = given.get("country_code", "")
    wrong = [number for number in numbers if number not in record.phones and not is_number(number, country)]
    if wrong:
        outcome.errors["phones"] = w("{number} is not a telephone number of this country. Write it like {example}.",
                                     number=wrong[0], example=_example(country))  # fmt: skip
    elif len(set(numbers)) != len(numbers):
        outcome.errors["phones"] = w("A number stands twice: leave one out.")
    outcome.values["phones"] = tuple(numbers)


def is_number(number: str, country: str) -> bool:
    """Whether a number can be one of the country or, with its plus sign, of another; short numbers are."""
    main = _EXTENSION.sub("", number)
    digits = re.sub(r"\D", "", main)
    if re.sub(r"[\d\s()+./-]", "", main):
        return False
    if 2 <= len(digits) <= 5:
        return True
    try:
        parsed = phonenumbers.parse(main, country or None)
    except phonenumbers.NumberParseException:
        return False
    # Freephone numbers (1800, 0800) are not in every table of valid numbers.
    free = len(digits) >= 8 and digits.startswith(("1800", "0800", "0810", "0300", "4003", "4004"))
    return free or (phonenumbers.is_possible_number(parsed) and phonenumbers.is_valid_number(parsed))


def _example(country: str) -> str:
    number = phonenumbers.example_number(country) if country else None
    if number is None:
        return "+593 2 299 3200"
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _read_point(given: Typed, outcome: Outcome, w: Wording) -> None:
    texts = {name: given.get(name, "").replace(",", ".") for name in ("latitude", "longitude")}
    for name, limit in (("latitude", 90), ("longitude", 180)):
        try:
            value = float(texts[name]) if texts[name] else None
        except ValueError:
            value = 1000.0
        if value is not None and not -limit <= value <= limit:
            outcome.errors[name] = w("Write a number between {low} and {high}.", low=-limit, high=limit)
            value = None
        outcome.values[name] = value
    if bool(texts["latitude"]) != bool(texts["longitude"]):
        missing = "latitude" if texts["longitude"] else "longitude"
        outcome.errors.setdefault(missing, w("Latitude and longitude come together: give both or none."))
