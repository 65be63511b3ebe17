"""What the commands `demand close`, `report`, `audit`, `open-data`, `sentences` and `demo` do, as plain functions.

Each takes a database URL, the content and a stream, and returns an exit code. Nothing here parses arguments
or reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import BinaryIO, TextIO

from sqlalchemy import Engine

from content.library import Library
from content.wording import wording
from demand.audit import ContradictionError
from demand.database import connect, reading, writing
from demand.knowledge import Attacker
from demand.migrations import upgrade
from demand.open_data import export, noise_if_installed
from demand.phrases import Phrase, read_phrases
from demand.release import close_weeks, describe
from demand.released import Release, read_releases, remove_simulated, write_releases
from demand.reports.criteria import DirectoryState, criterion
from demand.reports.document import Document
from demand.reports.formats import DOCUMENT_FORMATS, as_csv
from demand.reports.labels import Labels
from demand.reports.overview import overview
from demand.sentences import open_sentences, take_out
from demand.simulation import simulated_releases
from demand.weeks import write_day

FORMATS = ("text", "csv", "xlsx", "html")
REPORT_LANGUAGES = ("es", "pt", "en")


class DemandError(Exception):
    """A sentence for the operator."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The demand database with its schema brought up to date."""
    upgrade(url)
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def releases_shown(engine: Engine) -> tuple[Release, ...]:
    """What every reader sees: the real releases, or the simulated ones while there are no real ones."""
    with reading(engine) as connection:
        releases = read_releases(connection)
    real = tuple(one for one in releases if not one.simulated)
    return real or releases


def phrases_shown(engine: Engine) -> tuple[Phrase, ...]:
    """What was not understood and many said; nothing beside simulated figures, for nobody said that."""
    with reading(engine) as connection:
        return read_phrases(connection)


def close(url: str, library: Library, moment: datetime, out: TextIO) -> int:
    """Release the weeks and periods that are over; run again, it changes nothing."""
    with opened(url) as engine, writing(engine) as connection:
        made = close_weeks(connection, moment, library.places, library.taxonomy, noise_if_installed())
    for one in made:
        result = f"withheld: {one.withheld}" if one.withheld else f"{len(one.figures)} figures"
        out.write(f"{one.start} {one.weeks} week(s) {one.place} {one.grid.value}: {result}\n")
    out.write("Nothing to release.\n" if not made else f"{len(made)} tables decided.\n")
    return 0


def audit(url: str, library: Library, out: TextIO) -> int:
    """Bound every unpublished cell from all releases; 1 when one is known too closely."""
    with opened(url) as engine, reading(engine) as connection:
        releases = read_releases(connection, simulated=False)
    attacker = Attacker(library.taxonomy)
    try:
        findings = attacker.findings(releases)
    except ContradictionError as error:
        out.write(f"{error}\n")
        return 1
    for finding in findings:
        out.write(
            f"Known too closely: {describe(finding)}, between {finding.low:.0f} and {finding.high:.0f}.\n"
        )
    out.write(f"{len(releases)} tables looked at, {len(findings)} cells known too closely.\n")
    return 1 if findings else 0


def report(
    url: str,
    library: Library,
    moment: datetime,
    out: BinaryIO,
    *,
    place: str | None = None,
    format: str = "text",
    language: str = "es",
    criterion_number: int | None = None,
    directory: Mapping[str, DirectoryState] | None = None,
) -> int:
    """Write a report of released figures; for a criterion, its page."""
    _refuse_unknown(library, place, format, language, criterion_number)
    with opened(url) as engine:
        releases, phrases = releases_shown(engine), phrases_shown(engine)
    if format == "csv":
        mine = [one for one in releases if place is None or one.place in (place, "all")]
        out.write(as_csv(mine, Labels(library, wording(language)), phrases))
        return 0
    document = document_for(releases, library, moment, place, language, criterion_number, directory, phrases)
    out.write(DOCUMENT_FORMATS[format](document))
    return 0


def document_for(
    releases: tuple[Release, ...],
    library: Library,
    moment: datetime,
    place: str | None,
    language: str,
    criterion_number: int | None,
    directory: Mapping[str, DirectoryState] | None,
    phrases: Sequence[Phrase] = (),
) -> Document:
    """The report as a document, for a format or for the console."""
    if criterion_number is not None:
        return criterion(criterion_number, releases, library, language, moment, directory)
    return overview(releases, library, language, place, phrases)


def _refuse_unknown(
    library: Library, place: str | None, format: str, language: str, criterion_number: int | None
) -> None:
    if place is not None and place not in library.places:
        known = ", ".join(one.code for one in library.places.open)
        raise DemandError(f"There is no place {place}. Known places: {known}.")
    if format not in FORMATS:
        raise DemandError(f"There is no format {format}. Known formats: {', '.join(FORMATS)}.")
    if language not in REPORT_LANGUAGES:
        raise DemandError(f"Reports are written in {', '.join(REPORT_LANGUAGES)}, not in {language}.")
    if criterion_number is not None and not 1 <= criterion_number <= 10:
        raise DemandError("The criteria are numbered 1 to 10.")


def open_data(url: str, target: TextIO, out: TextIO) -> int:
    """Write the figures for open data to a target, the same each time."""
    with opened(url) as engine, reading(engine) as connection:
        weeks = export(connection, target)
    out.write(f"{weeks} weeks written.\n")
    return 0


def sentences(
    url: str,
    library: Library,
    moment: datetime,
    out: TextIO,
    *,
    accept: int | None = None,
    reject: int | None = None,
) -> int:
    """List the sentences that people sent, or decide on one, which deletes it."""
    today = write_day(moment, library.places.all)
    if accept is None and reject is None:
        with opened(url) as engine, reading(engine) as connection:
            found = open_sentences(connection, today)
        for one in found:
            out.write(f"{one.number}  {one.language}  {one.day}  {one.text}\n")
        out.write(f"{len(found)} sentences wait. Decide with --accept NUMBER or --reject NUMBER.\n")
        return 0
    if accept is not None and reject is not None:
        raise DemandError("Accept or reject one sentence at a time.")
    number = accept if accept is not None else reject
    with opened(url) as engine, writing(engine) as connection:
        taken = take_out(connection, number or 0)
    if taken is None:
        raise DemandError(f"No sentence {number} waits. See them with: orienta demand sentences")
    if accept is not None:
        out.write(f"{taken.text}\nDeleted here: copy it now, in words that point at nobody.\n")
    else:
        out.write("Deleted.\n")
    return 0


def demo(url: str, library: Library, today: date, out: TextIO) -> int:
    """Fill an installation that has released nothing with a simulated quarter."""
    with opened(url) as engine:
        with reading(engine) as connection:
            there = read_releases(connection)
        if any(not one.simulated for one in there):
            raise DemandError("Real figures have been released here: simulated ones are not mixed with them.")
        if there:
            out.write("The simulated quarter is already here. Take it away with: orienta demo --remove\n")
            return 0
        made = simulated_releases(library.places, library.taxonomy, today)
        with writing(engine) as connection:
            write_releases(connection, made)
    out.write(f"{len(made)} simulated tables written, each marked as simulated.\n")
    out.write("Take them away with: orienta demo --remove\n")
    return 0


def remove_demo(url: str, out: TextIO) -> int:
    """Remove every simulated figure."""
    with opened(url) as engine, writing(engine) as connection:
        removed = remove_simulated(connection)
    out.write(f"{removed} simulated tables removed.\n")
    return 0
