"""Mistakes of an import in the reader's language: where, what stands there, and how it is written right."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from content.wording import N_, Wording
from referrals.exchange.importing import ANOTHER_KIND, EMPTY, NOT_UTF8, ImportProblem

NOT_YOURS = N_("this service is of a place that is not yours")
OWN_PLACES = N_("Import services of your own places only.")
_GIVEN = re.compile(r".*\(given: (.*)\)$", re.DOTALL)
_UNKNOWN = re.compile(r"unknown (place|need) (.+)")
_TWICE = re.compile(r"the id (.+) stands in row (\d+) too")
_REMEDIES = {
    "opening_hours": N_("Write hours like Mo-Fr 08:00-12:00,13:00-17:00; PH off."),
    "phones": N_("Write telephones like +593 2 299 3200 or 171, with a semicolon between two."),
    "assured_date": N_("Write the date like 2019, 2019-06 or 2019-06-30."),
    "full_until": N_("Write the date like 2019-06-30."),
    "latitude": N_("Write a number between -90 and 90, and the longitude too."),
    "longitude": N_("Write a number between -180 and 180, and the latitude too."),
    "email": N_("Write an e-mail address like office@example.org."),
    "organization_email": N_("Write an e-mail address like office@example.org."),
    "url": N_("Write the web page beginning with https://"),
    "organization_url": N_("Write the web page beginning with https://"),
    "source_url": N_("Write the web page beginning with https://"),
    "confidence": N_("Write high, medium or low."),
    "status": N_("Write active or inactive."),
    "schedule": N_("Write regular, by_appointment or first_n."),
    "first_n": N_("Write a number, and first_n in the column schedule."),
    "organization_kind": N_("Write government, ngo, church, university, community, un or other."),
    "id": N_("Use small letters, digits and hyphens, and a code of its own for each service."),
    "place": N_("Use the code of a place, as quito or sao-paulo."),
    "needs": N_("Use codes of needs, as documents.id_card, with a semicolon between two."),
    "min_age": N_("Write an age in years, the lowest below the highest."),
    "max_age": N_("Write an age in years, the lowest below the highest."),
    "free": N_("Write true or false, or leave it empty."),
    "hidden_address": N_("Write true or false."),
    "languages": N_("Write codes of languages, as es; pt."),
    "name": N_("Write a name of at most 255 characters."),
}


@dataclass(frozen=True)
class Told:
    """A mistake in words."""

    row: int
    column: str
    what: str
    remedy: str


def in_words(problem: ImportProblem, w: Wording) -> Told:
    """The mistake in the language of `w`."""
    return Told(problem.row, problem.column, _what(problem.what, w), _remedy(problem, w))


def _what(what: str, w: Wording) -> str:
    plain = {
        "nothing is written here": w("nothing is written here"),
        "the column is not known": w("this column is not known"),
        "the kind of file is not known": w("this kind of file is not known"),
        NOT_YOURS: w(NOT_YOURS),
        EMPTY: w("nothing stands in the file"),
        NOT_UTF8: w("the letters of the file are not in UTF-8"),
        ANOTHER_KIND: w("the file is not of the kind that its name says"),
    }
    if what in plain:
        return plain[what]
    if found := _UNKNOWN.fullmatch(what):
        return w("there is no {code}", code=found[2])
    if found := _TWICE.fullmatch(what):
        return w("the code {code} stands in row {row} too", code=found[1], row=found[2])
    if found := _GIVEN.match(what):
        return w("this cannot be used: {given}", given=_plain(found[1]))
    return w("the file cannot be read")


def _plain(given: str) -> str:
    """What stood in the cell, also where it was read as a list of several."""
    try:
        read = ast.literal_eval(given)
    except (ValueError, SyntaxError):
        return given
    return "; ".join(map(str, read)) if isinstance(read, list | tuple) else given


def _remedy(problem: ImportProblem, w: Wording) -> str:
    if problem.what == "the column is not known":
        return w("Correct the name of the column or take it away.")
    if problem.what == NOT_YOURS:
        return w(OWN_PLACES)
    if problem.what == NOT_UTF8:
        return w("Save it as XLSX, or as CSV in UTF-8.")
    if problem.column in _REMEDIES:
        return w(_REMEDIES[problem.column])
    if problem.row == 0:
        return w("Use a file that was exported here as CSV, XLSX or HSDS, and keep its columns.")
    return w("Correct the cell.")
