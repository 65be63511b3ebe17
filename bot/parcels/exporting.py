"""A place of this installation written into one file, as it stands now: with what caseworkers corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.parcels.words import packed_words
from bot.parcels.zipped import DIRECTORY, written
from content.library import Library
from content.packing import packed, places_with
from referrals.exchange.exporting import export
from referrals.records import ServiceRecord


def export_place(
    library: Library, records: Sequence[ServiceRecord], place: str, today: date, origin: str
) -> bytes:
    """The file of a place; `origin` says from where it comes. Hidden doors go without where they are."""
    places = places_with(library.collection, place)
    codes = {one.code for one in places} | {places[0].country}
    titles = {need.code: need.title("es") for need in library.taxonomy.needs.values()}
    services = [record for record in records if record.place in codes]
    files = packed(library.collection, place) | {DIRECTORY: export(services, "hsds", titles)}
    files |= packed_words(library.collection, [one.code for one in places])
    manifest = {
        "place": place, "places": sorted(one.code for one in places), "exported": today.isoformat(),
        "from": origin, "services": len(services),
    }  # fmt: skip
    return written(manifest, files)
