"""HSDS as a Tabular Data Package: one CSV file per object and a `datapackage.json`, in one zip.

The tables are made of the same objects as the JSON, with foreign keys in the place of nesting; reading joins them
again. Only the objects that we have are in the package, each with every column of the specification in its order, so
that it holds against the specification's own descriptor; what is ours alone stands in a table of its own.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from referrals.exchange import archives, hsds
from referrals.exchange.sheets import as_written, neutral
from referrals.records import ServiceRecord

Json = dict[str, Any]
# name: path, fields with their types ("!" required), foreign keys. Names, order and formats are the specification's.
_TABLES: Mapping[str, tuple[str, str]] = {
    "organization": (
        "organizations.csv",
        "id:uuid! name! alternate_name description! email:email website:uri tax_status tax_id"
        " year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid",
    ),
    "service": (
        "services.csv",
        "id:uuid! organization_id:uuid!>organization program_id:uuid name! alternate_name description"
        " url:uri email:email status! interpretation_services application_process fees_description"
        " wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number"
        " assured_date:date assurer_email:email licenses alert last_modified:datetime",
    ),
    "location": (
        "locations.csv",
        "id:uuid! location_type! url:uri organization_id:uuid>organization name alternate_name"
        " description transportation latitude:number longitude:number external_identifier"
        " external_identifier_type",
    ),
    "service_at_location": (
        "service_at_location.csv",
        "id:uuid! service_id:uuid!>service location_id:uuid!>location description",
    ),
    "address": (
        "addresses.csv",
        "id:uuid! location_id:uuid>location attention address_1! address_2 city! region"
        " state_province! postal_code! country! address_type!",
    ),
    "phone": (
        "phones.csv",
        "id:uuid! location_id:uuid>location service_id:uuid>service organization_id:uuid>organization"
        " contact_id:uuid service_at_location_id:uuid>service_at_location number:tel! extension:number"
        " type description",
    ),
    "schedule": (
        "schedules.csv",
        "id:uuid! service_id:uuid>service location_id:uuid>location"
        " service_at_location_id:uuid>service_at_location valid_from:date valid_to:date dtstart:date"
        " timezone:number until:date count:number wkst freq interval:number byday byweekno bymonthday"
        " byyearday description opens_at:time closes_at:time schedule_link:uri attending_type notes",
    ),
    "language": (
        "languages.csv",
        "id:uuid! service_id:uuid>service location_id:uuid>location phone_id:uuid>phone name code note",
    ),
    "cost_option": (
        "cost_options.csv",
        "id:uuid! service_id:uuid!>service valid_from:date valid_to:date option currency"
        " amount:number amount_description",
    ),
    "required_document": (
        "required_documents.csv",
        "id:uuid! service_id:uuid>service document uri:uri",
    ),
    "taxonomy": (
        "taxonomies.csv",
        "id:uuid! name! description! uri:uri version",
    ),
    "taxonomy_term": (
        "taxonomy_terms.csv",
        "id:uuid! code name! description! parent_id:uuid taxonomy language taxonomy_id:uuid>taxonomy"
        " term_uri:uri",
    ),
    "attribute": (
        "attributes.csv",
        "id:uuid! link_id:uuid! taxonomy_term_id:uuid!>taxonomy_term link_type link_entity! value",
    ),
    "metadata": (
        "metadata.csv",
        "id:uuid! resource_id:uuid! resource_type! last_action_date:date! last_action_type!"
        " field_name! previous_value! replacement_value! updated_by!",
    ),
    "orienta": ("orienta.csv", "id:uuid! service_id:uuid!>service profile:object!"),
}
_ALLOWED = {
    ("service", "status"): ("active", "inactive", "defunct", "temporarily closed"),
    ("location", "location_type"): ("physical", "postal", "virtual"),
    ("address", "address_type"): ("physical", "postal", "virtual"),
    ("schedule", "wkst"): ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
    ("schedule", "freq"): ("WEEKLY", "MONTHLY"),
}
_CHILDREN = {
    "phones": "phone", "schedules": "schedule", "languages": "language", "cost_options": "cost_option",
    "required_documents": "required_document", "attributes": "attribute", "metadata": "metadata",
}  # fmt: skip
_LINKED = {"attribute": "link_id", "metadata": "resource_id"}
# What a service, one of its doors or a location may have; a row that names several is the nearest one's.
_NEAREST = ("service_at_location_id", "location_id", "service_id")
_OF_A_DOOR = {"phones": "phone", "schedules": "schedule"}
_OF_A_LOCATION = {**_OF_A_DOOR, "languages": "language"}


def _fields(table: str) -> Iterator[tuple[str, str, bool, str | None]]:
    """Name, type, whether required, and the table a field points to."""
    for written in _TABLES[table][1].split():
        name, _, target = written.partition(">")
        required = name.endswith("!")
        plain, _, kind = name.removesuffix("!").partition(":")
        yield plain, kind or "string", required, target or None


def descriptor() -> Json:
    """The `datapackage.json` of what we write."""
    return {
        "name": "human_services_data",
        "title": "Human Services Data Specification, profile Orienta",
        "profile": "tabular-data-package",
        "version": "3.0.0",
        "resources": [_resource(table) for table in _TABLES],
    }


def _resource(table: str) -> Json:
    fields, keys = [], []
    for name, kind, required, target in _fields(table):
        text = kind in ("uuid", "email", "uri")
        allowed = {"enum": list(_ALLOWED[table, name])} if (table, name) in _ALLOWED else {}
        field: Json = {
            "name": name,
            "type": "string" if text or kind == "tel" else kind,
            "constraints": {"required": required, **allowed},
        }
        fields.append({**field, "format": kind} if text else field)
        if target:
            keys.append({"fields": name, "reference": {"resource": target, "fields": "id"}})
    schema: Json = {"primaryKey": "id", "fields": fields, **({"foreignKeys": keys} if keys else {})}
    return {
        "name": table, "path": _TABLES[table][0], "profile": "tabular-data-resource", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


def write_package(
    records: Iterable[ServiceRecord], titles: Mapping[str, str], *, with_hidden: bool = False
) -> bytes:
    """The zip of all tables; the same records give the same bytes."""
    tables: dict[str, dict[str, Json]] = {table: {} for table in _TABLES}
    for record in records:
        for table, row in _rows(hsds.full(record, titles, with_hidden=with_hidden)):
            tables[table][row["id"]] = row
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, "datapackage.json", json.dumps(descriptor(), ensure_ascii=False, indent=1))
        for table, rows in tables.items():
            _add(package, _TABLES[table][0], _csv(table, rows.values()))
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, content: str) -> None:
    # A fixed date: the same directory is the same file.
    package.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def _rows(service: Json) -> Iterator[tuple[str, Json]]:
    """The objects of a service, each with the name of its table and its foreign keys."""
    key = service["id"]
    yield "organization", service["organization"]
    yield "service", {**service, "organization_id": service["organization"]["id"]}
    yield "orienta", {"id": key, "service_id": key, "profile": service["orienta"]}
    for place in service.get("service_at_locations", ()):
        location = place["location"]
        yield "location", location
        yield "service_at_location", {"id": place["id"], "service_id": key, "location_id": location["id"]}
        for address in location.get("addresses", ()):
            yield "address", {**address, "location_id": location["id"]}
    for name, table in _CHILDREN.items():
        for child in service.get(name, ()):
            if table == "attribute":
                yield from _term_rows(child)
                child = {**child, "taxonomy_term_id": child["taxonomy_term"]["id"]}
            yield table, {**child, "service_id": key}


def _term_rows(attribute: Json) -> Iterator[tuple[str, Json]]:
    term = attribute["taxonomy_term"]
    yield "taxonomy", term["taxonomy_detail"]
    yield "taxonomy_term", {**term, "taxonomy_id": term["taxonomy_detail"]["id"]}


def _csv(table: str, rows: Iterable[Json]) -> str:
    fields = list(_fields(table))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(name for name, *_ in fields)
    writer.writerows([_cell(row.get(name), kind) for name, kind, *_ in fields] for row in rows)
    return out.getvalue()


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "object":
        return json.dumps(value, ensure_ascii=False)
    if kind == "time":
        # Table Schema's times have seconds and no zone; the zone stands in `timezone`.
        return f"{value[:5]}:00"
    # A number to dial is no formula: without letters nothing can be run, and it must arrive as it is dialled.
    dialled = kind == "tel" and str(value)[1:].isdigit()
    return str(value) if dialled or kind in ("number", "date", "uuid") else neutral(str(value))


def read_package(content: bytes) -> Iterator[Json]:
    """Services as nested HSDS JSON, in the order of services.csv; ValueError for what is no package of HSDS."""
    with archives.opened(content) as package:
        names = set(package.namelist())
        if "services.csv" not in names:
            raise ValueError("the package has no services.csv")
        tables = {
            table: _read(package.read(path).decode("utf-8-sig"), table) if path in names else []
            for table, (path, _) in _TABLES.items()
        }
    yield from _nested(tables)


def _read(content: str, table: str) -> list[Json]:
    kinds = {name: kind for name, kind, *_ in _fields(table)}
    rows = csv.DictReader(io.StringIO(content, newline=""), strict=True)
    return [{k: _value(v, kinds.get(k, "string")) for k, v in row.items() if k and v} for row in rows]


def _value(cell: str, kind: str) -> Any:
    if kind == "number":
        try:
            number = float(cell)
        except ValueError:
            return cell
        return int(number) if number.is_integer() and "." not in cell else number
    return json.loads(cell) if kind == "object" else as_written(cell)


def _nested(tables: Mapping[str, list[Json]]) -> Iterator[Json]:
    organizations = {row["id"]: row for row in tables["organization"]}
    places = _places(tables)
    ours = {row["service_id"]: row.get("profile") for row in tables["orienta"]}
    children = {
        name: _grouped(_own(tables[t], t), _LINKED.get(t, "service_id")) for name, t in _CHILDREN.items()
    }
    for service in tables["service"]:
        key = service["id"]
        yield {
            **service,
            "orienta": ours.get(key),
            "organization": organizations.get(service.get("organization_id"), {}),
            "service_at_locations": places[key],
            **{name: grouped[key] for name, grouped in children.items()},
        }


def _places(tables: Mapping[str, list[Json]]) -> defaultdict[str, list[Json]]:
    """Where each service is found, by service, with what was told of that door and of its location alone."""
    locations = {row["id"]: row for row in tables["location"]}
    told = {
        name: _grouped(_own(tables[t], t, "location_id"), "location_id") for name, t in _OF_A_LOCATION.items()
    }
    told["addresses"] = _grouped(tables["address"], "location_id")
    here = {
        name: _grouped(_own(tables[t], t, "service_at_location_id"), "service_at_location_id")
        for name, t in _OF_A_DOOR.items()
    }
    made: defaultdict[str, list[Json]] = defaultdict(list)
    for row in tables["service_at_location"]:
        if (location := locations.get(row.get("location_id", ""))) is not None:
            whole = {**location, **{name: grouped[location["id"]] for name, grouped in told.items()}}
            door = {name: grouped[row["id"]] for name, grouped in here.items()}
            made[row.get("service_id", "")].append({"id": row["id"], "location": whole, **door})
    return made


def _own(rows: Iterable[Json], table: str, key: str = "service_id") -> list[Json]:
    """The rows that are of this kind of owner, and of no nearer one."""
    if table not in _OF_A_LOCATION.values():
        return list(rows)
    return [row for row in rows if next((name for name in _NEAREST if row.get(name)), key) == key]


def _grouped(rows: Iterable[Json], key: str) -> defaultdict[str, list[Json]]:
    made: defaultdict[str, list[Json]] = defaultdict(list)
    for row in rows:
        made[row.get(key, "")].append(row)
    return made
