"""The whole directory as one file: HSDS JSON, HSDS tables, CSV or XLSX.

The house itself may export hidden addresses to move to another installation; whoever publishes must not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from referrals.database import Sessions
from referrals.exchange import hsds, package, sheets
from referrals.records import ServiceRecord
from referrals.storage import assemble, fetch_rows

FORMATS = ("hsds", "hsds-tables", "csv", "xlsx")
SUFFIXES = {"hsds": ".json", "hsds-tables": ".zip", "csv": ".csv", "xlsx": ".xlsx"}
_HIDDEN = {"address": None, "district": None, "latitude": None, "longitude": None}


def export(
    records: Sequence[ServiceRecord], form: str, titles: Mapping[str, str], *, with_hidden: bool = False
) -> bytes:
    """The records in one of `FORMATS`; the same records give the same content."""
    if form == "hsds":
        services = [hsds.full(record, titles, with_hidden=with_hidden) for record in records]
        return json.dumps(services, ensure_ascii=False).encode()
    if form == "hsds-tables":
        return package.write_package(records, titles, with_hidden=with_hidden)
    shown = [
        record if with_hidden or not record.hidden_address else without_place(record) for record in records
    ]
    return sheets.write_csv(shown) if form == "csv" else sheets.write_xlsx(shown)


def without_place(record: ServiceRecord) -> ServiceRecord:
    """The record without where its door is."""
    return record.model_copy(update=_HIDDEN)


async def all_records(sessions: Sessions) -> tuple[ServiceRecord, ...]:
    """Every record of the directory, by id."""
    async with sessions.reading() as session:
        return assemble(await fetch_rows(session))
