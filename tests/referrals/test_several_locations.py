"""Files of other directories: a service with several locations becomes one service for each, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.database import Sessions
from referrals.exchange import hsds
from referrals.exchange.exporting import SUFFIXES, export
from referrals.exchange.hsds_reading import Stranger
from referrals.exchange.importing import ReadFile, apply, plan, read_file
from referrals.records import ServiceRecord
from tests.referrals.generated import services

QUITO = Stranger("quito", "es", "Red de servicios")
NEED = {"id": "a1", "link_id": "x", "link_type": "need", "link_entity": "service", "value": "legal.advice"}
# As publishers write it: nested, with what belongs to one door at that door, and much that we have no field for.
LEGAL_AID: dict[str, Any] = {
    "id": "b1a5b3f0-52a5-4c3e-9a0b-000000000001",
    "name": "Asesoría legal gratuita",
    "alternate_name": "",
    "description": "Orientación y patrocinio.",
    "status": "active",
    "email": "legal@example.org",
    "organization": {"id": "c0ffee00-0000-4000-8000-000000000001", "name": "Consultorio Jurídico", "description": "ONG"},
    "phones": [{"id": "p0", "number": "1800 100 200", "type": "voice"}],
    "schedules": [{"id": "h0", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}],
    "languages": [{"id": "l0", "code": "es", "name": "Spanish"}],
    "attributes": [NEED],
    "service_areas": [{"id": "z", "name": "Quito"}],
    "service_at_locations": [
        {
            "id": "d0000000-0000-4000-8000-000000000001",
            "description": "Planta baja",
            "location": {
                "id": "e0000000-0000-4000-8000-000000000001", "location_type": "physical", "name": "Centro Histórico",
                "latitude": -0.22, "longitude": -78.51, "accessibility": [{"id": "y", "description": "rampa"}],
                "addresses": [{"id": "f1", "address_1": "García Moreno 5", "address_2": "piso 2", "city": "Quito",
                               "state_province": "Pichincha", "postal_code": "170401", "country": "EC",
                               "address_type": "physical"}],
            },
            "phones": [{"id": "p1", "number": "+593 2 295 0001", "type": "voice"}],
            "schedules": [{"id": "h1", "freq": "WEEKLY", "wkst": "MO", "byday": "MO,WE", "opens_at": "08:00:00-05:00",
                           "closes_at": "12:00:00-05:00"}],
        },
        {
            "id": "d0000000-0000-4000-8000-000000000002",
            "location": {
                "id": "e0000000-0000-4000-8000-000000000002", "location_type": "physical", "name": "Quitumbe",
                "addresses": [{"id": "f2", "address_1": "Av. Cóndor Ñan 12", "city": "Quito", "state_province": "P",
                               "postal_code": "-", "country": "EC", "address_type": "physical"}],
                "languages": [{"id": "l1", "code": "en", "name": "English"}],
                "phones": [{"id": "p2", "number": "+593 2 295 0002", "type": "voice"}],
            },
        },
        {
            "id": "d0000000-0000-4000-8000-000000000003",
            "location": {"id": "e0000000-0000-4000-8000-000000000003", "location_type": "physical"},
            "schedules": [{"id": "h2", "description": "El primer sábado de cada mes, de 9 a 11"}],
        },
        {
            "id": "d0000000-0000-4000-8000-000000000004",
            "location": {"id": "e0000000-0000-4000-8000-000000000004", "location_type": "postal", "name": "Casilla 17"},
        },
    ],
}  # fmt: skip


def read(*found: dict[str, Any], stranger: Stranger = QUITO) -> ReadFile:
    """What a JSON file of these services holds."""
    made = read_file("x.json", json.dumps(list(found)).encode(), stranger)
    assert made.problems == ()
    return made


def as_tables(service: dict[str, Any]) -> bytes:
    """The same service as publishers write it in tables: each child with the key of its nearest owner."""
    tables: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, row: dict[str, Any], **keys: str) -> None:
        plain = {name: value for name, value in row.items() if not isinstance(value, list | dict)}
        tables.setdefault(table, []).append({**plain, **keys})

    def children(owner: dict[str, Any], **keys: str) -> None:
        for name in ("phones", "schedules", "languages"):
            for row in owner.get(name, ()):
                add(f"{name}.csv", row, **keys)

    add("organizations.csv", service["organization"])
    add("services.csv", service, organization_id=service["organization"]["id"])
    add("attributes.csv", {**NEED, "link_id": service["id"]})
    children(service, service_id=service["id"])
    for place in service["service_at_locations"]:
        location = place["location"]
        add("locations.csv", location)
        add("service_at_location.csv", place, service_id=service["id"], location_id=location["id"])
        children(place, service_at_location_id=place["id"], service_id=service["id"])
        children(location, location_id=location["id"])
        for address in location.get("addresses", ()):
            add("addresses.csv", address, location_id=location["id"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
            package.writestr(name, text.getvalue())
    return out.getvalue()


def test_each_door_of_a_publisher_s_file_is_a_service_with_what_is_its_own():
    """Its address, its hours, its telephones before those of all doors; a post box is none."""
    made = read(LEGAL_AID)
    centre, south, third = made.records
    assert [one.name for one in made.records] == [
        "Asesoría legal gratuita (Centro Histórico)",
        "Asesoría legal gratuita (Quitumbe)",
        "Asesoría legal gratuita (1)",
    ]
    assert {one.organization for one in made.records} == {centre.organization}
    assert (centre.address, centre.latitude) == ("García Moreno 5, piso 2", -0.22)
    assert centre.opening_hours == "Mo,We 08:00-12:00"
    assert centre.phones == ("+593 2 295 0001", "1800 100 200")
    assert south.opening_hours == "Mo,Tu,We,Th,Fr 09:00-17:00"
    assert (south.phones, south.languages) == (("+593 2 295 0002", "1800 100 200"), ("es", "en"))
    assert (third.opening_hours, third.hours) == (None, {"es": "El primer sábado de cada mes, de 9 a 11"})
    assert third.phones == ("1800 100 200",)
    assert made.rows == (1, 1, 1)
    [split] = made.split
    assert (split.name, split.doors) == (LEGAL_AID["name"], tuple(one.name for one in made.records))


def test_tables_and_json_say_the_same():
    """The package of tables gives the same services, to the last field."""
    assert read_file("x.zip", as_tables(LEGAL_AID), QUITO)[:2] == read(LEGAL_AID)[:2]


def test_one_location_is_the_service_itself_with_what_was_told_of_the_door():
    """No other code, no other name; hours and telephones of the one door are not lost either."""
    alone = {**LEGAL_AID, "service_at_locations": LEGAL_AID["service_at_locations"][:1]}
    [record] = read(alone).records
    assert (record.id, record.name) == (LEGAL_AID["id"], LEGAL_AID["name"])
    assert (record.opening_hours, record.phones[0]) == ("Mo,We 08:00-12:00", "+593 2 295 0001")
    assert read(alone).split == ()


async def test_the_same_file_twice_changes_nothing(sqlite_sessions: Sessions):
    """Nor in another order; and what was imported is exported and imported again as it is."""
    first = read(LEGAL_AID)
    planned = await plan(sqlite_sessions, first.records, first.problems, first.split)
    assert (len(planned.new), planned.split) == (3, first.split)
    await apply(sqlite_sessions, planned)
    turned = {**LEGAL_AID, "service_at_locations": LEGAL_AID["service_at_locations"][::-1]}
    for again in (read(LEGAL_AID), read(turned)):
        planned = await plan(sqlite_sessions, again.records)
        assert (planned.new, planned.changed, planned.same) == ((), (), 3)
    for form, suffix in SUFFIXES.items():
        back = read_file(f"x{suffix}", export(first.records, form, {}))
        assert sorted(back.records, key=lambda one: one.id) == sorted(first.records, key=lambda one: one.id)


def test_what_is_wrong_with_a_service_is_said_once():
    """Not once for each of its doors."""
    made = read_file("x.json", json.dumps([{**LEGAL_AID, "attributes": [], "name": ""}]).encode(), QUITO)
    assert sorted(problem.column for problem in made.problems) == ["name", "needs"]


door = st.fixed_dictionaries(
    {"location": st.fixed_dictionaries({}, optional={
        "id": st.uuids().map(str), "name": st.sampled_from(("Norte", "Sur", "Casa de la Movilidad " * 12, " ")),
        "addresses": st.just([{"address_1": "Calle 7"}]),
    })},
    optional={"id": st.uuids().map(str), "phones": st.just([{"number": "+593 2 295 0009"}])},
)  # fmt: skip


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(services(), st.lists(door, max_size=6), st.randoms(use_true_random=False))
def test_an_export_with_doors_added_elsewhere_keeps_its_own_and_gains_the_others(
    record: ServiceRecord, added: list[dict[str, Any]], shuffler: random.Random
) -> None:
    """Whatever is added: our door stays the service it was, each other one is new, of the same organization and once."""
    ours = hsds.full(record, {}, with_hidden=True)
    ours.setdefault("service_at_locations", [])
    ours["service_at_locations"] += added
    made = read(ours)
    doors = len(ours["service_at_locations"])
    assert len({one.id for one in made.records}) == len(made.records) == max(1, doors)
    assert {one.organization for one in made.records} == {record.organization}
    assert all(one.full_until is None and not one.closures for one in made.records if one.id != record.id)
    if doors > len(added) > 0:
        assert [one.name for one in made.records if one.id == record.id] == [record.name]
        assert len({one.name for one in made.records}) == doors
    if all("id" in one for one in added):
        shuffler.shuffle(ours["service_at_locations"])
        assert {one.id: one.address for one in read(ours).records} == {
            one.id: one.address for one in made.records
        }
