"""Rows to records: reading goes table by table, so that a large directory is read with a dozen queries.

Nothing here writes; `referrals.writing` is its counterpart.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Column, ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.records import ServiceRecord, partial_text
from referrals.tables import Base

_log = logging.getLogger(__name__)
PARENTS = ("organization", "location", "service")
CHILDREN = (
    "service_at_location", "phone", "schedule", "language", "eligibility", "required_document", "cost_option",
    "service_need", "closure", "capacity", "assurance",
)  # fmt: skip
# What a service points to, by the table and the column that do.
_POINTED_AT = {
    "organization": ("service", "organization_id"),
    "location": ("service_at_location", "location_id"),
}
Rows = dict[str, list[dict[str, Any]]]


async def fetch_rows(session: AsyncSession, services: Sequence[str] | None = None) -> Rows:
    """Every row of the directory (or of the named services), by table: plain mappings, no objects."""
    rows: Rows = {}
    for name in (*PARENTS, *CHILDREN):
        query = select(table := Base.metadata.tables[name])
        if services is not None:
            query = query.where(_of_services(table, services))
        rows[name] = [dict(row) for row in (await session.execute(query)).mappings()]
    return rows


def _of_services(table: Table, services: Sequence[str]) -> ColumnElement[bool]:
    if table.name not in _POINTED_AT:
        return _key(table).in_(services)
    pointing, column = _POINTED_AT[table.name]
    source = Base.metadata.tables[pointing]
    pointed: ColumnElement[bool] = table.c.id.in_(select(source.c[column]).where(_key(source).in_(services)))
    return pointed


def _key(table: Table) -> Column[str]:
    key: Column[str] = table.c.id if table.name == "service" else table.c.service_id
    return key


def assemble(rows: Rows) -> tuple[ServiceRecord, ...]:
    """The records of fetched rows, by id.

    A row that holds no record any more (somebody wrote past us) is named in the log and left out: one bad row
    must not stop the others from reaching people.
    """
    organizations = {row["id"]: row for row in rows["organization"]}
    locations = {row["id"]: row for row in rows["location"]}
    children = {
        name: _by_service(rows[name]) for name in rows if name not in ("organization", "service", "location")
    }
    made: list[ServiceRecord] = []
    for row in sorted(rows["service"], key=lambda row: str(row["id"])):
        try:
            made.append(_record(row, organizations, locations, children))
        except ValidationError as error:
            _log.warning("service %s left out: %d fields do not hold", row["id"], error.error_count())
    return tuple(made)


def _by_service(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["service_id"]].append(row)
    return grouped


def _record(
    service: Mapping[str, Any],
    organizations: Mapping[str, Mapping[str, Any]],
    locations: Mapping[str, Mapping[str, Any]],
    children: Mapping[str, Mapping[str, list[dict[str, Any]]]],
) -> ServiceRecord:
    code = service["id"]

    def of(table: str) -> list[dict[str, Any]]:
        return children[table].get(code, [])

    found = sorted(row["location_id"] for row in of("service_at_location"))
    values = {
        **{
            name: service[name]
            for name in ("id", "name", "place", "status", "url", "email", "whatsapp", "note")
        },
        "hours": service["hours_note"],
        "organization": _of_organization(organizations[service["organization_id"]]),
        "phones": [row["number"] for row in sorted(of("phone"), key=lambda row: row["position"])],
        "languages": sorted(row["code"] for row in of("language")),
        "needs": sorted(row["need"] for row in of("service_need")),
        "closures": sorted(
            (
                {"starts": row["starts"], "ends": row["ends"], "reason": row["reason"]}
                for row in of("closure")
            ),
            key=lambda row: (row["starts"], str(row["ends"]), str(row["reason"])),
        ),
        **_of_location(locations[found[0]] if found else {}),
        **_of_schedule(of("schedule")),
        **_of_assurance(of("assurance")),
        **_of_rules(of("eligibility"), of("cost_option"), of("required_document"), of("capacity")),
    }
    return ServiceRecord.model_validate({key: value for key, value in values.items() if value is not None})


def _of_organization(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "kind", "url", "email")}


def _of_location(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row.get(name) for name in ("address", "district", "latitude", "longitude")}
    return {**shown, "hidden_address": row.get("hidden", False)}


def _of_schedule(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not rows:
        return {}
    return {
        "opening_hours": rows[0]["opening_hours"],
        "schedule": rows[0]["kind"],
        "first_n": rows[0]["first_n"],
    }


def _of_assurance(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not rows:
        return {"source": {"title": "-"}, "confidence": "low"}
    row = rows[0]
    return {
        "source": {"title": row["source_title"], "url": row["source_url"]},
        "source_date": row["source_date"],
        "assured_date": partial_text(row["checked"], row["precision"]),
        "confidence": row["confidence"],
    }


def _of_rules(
    rules: Sequence[Mapping[str, Any]],
    costs: Sequence[Mapping[str, Any]],
    papers: Sequence[Mapping[str, Any]],
    capacities: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "documents": [
            {"name": row["name"], "without": row["without"]}
            for row in sorted(papers, key=lambda row: row["position"])
        ]
    }
    if rules:
        names = ("text", "min_age", "max_age", "statuses", "profiles", "excluded_profiles")
        values["eligibility"] = {name: rules[0][name] for name in names if rules[0][name] is not None}
    if costs:
        values["cost"] = {"free": costs[0]["free"], "text": costs[0]["text"]}
    if capacities:
        values["full_until"] = capacities[0]["full_until"]
    return values
