"""The directory in and out: nothing lost, nothing run, nothing half done, and HSDS as the specification wants it."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta
from functools import partial

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from content.loading import load_library
from referrals.database import Sessions
from referrals.directory import Directory, ListedSource
from referrals.exchange import hsds, sheets
from referrals.exchange.api import hsds_routes
from referrals.exchange.changed import last_changes
from referrals.exchange.exporting import FORMATS, SUFFIXES, all_records, export
from referrals.exchange.importing import ImportRefusedError, Plan, apply, plan, read_file
from referrals.exchange.schedules import osm, weekly
from referrals.loading import load_seeds, read_seeds
from referrals.records import PROFILES, STATUSES, ServiceRecord
from referrals.upkeep import Change, Upkeep
from tests.referrals.generated import HOURS, NEEDS, PLACES, services

TITLES = {"shelter.temporary": "Albergue temporal"}
generous = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plain_records(count: int) -> list[ServiceRecord]:
    """Many different records, quickly: every field in every state, the same for the same count."""
    pick = random.Random(20_26)
    words = [
        "Casa",
        "=1+1",
        "Ação",
        "São Paulo",
        "O'Higgins",
        "-5",
        '"x"',
        "a,b;c",
        "línea\u00a0102",
        "@x",
        "+1",
    ]
    made = []
    text = lambda: " ".join(pick.choices(words, k=3))  # noqa: E731
    texts = lambda: {code: text() for code in pick.sample(("es", "pt", "en", "fr", "ht"), k=2)}  # noqa: E731
    maybe = lambda value: value if pick.random() < 0.5 else None  # noqa: E731
    for n in range(count):
        day = date(2026, 1, 1) + timedelta(days=n % 300)
        where = pick.random() < 0.5
        kind = pick.choice(("regular", "by_appointment", "first_n"))
        values = {
            "id": f"svc-{n:05}", "name": text(), "organization": {"name": f"Org {n % 50}", "kind": "ngo"},
            "place": pick.choice(PLACES), "needs": sorted(pick.sample(NEEDS, k=2)), "address": maybe(text()), "district": maybe(text()),
            "latitude": pick.uniform(-60, 10) if where else None, "longitude": pick.uniform(-80, -30) if where else None,
            "hidden_address": pick.random() < 0.2, "phones": pick.sample(("171", "+593 2 299 3200 ext. 23035", "(11) 3340-6950"), k=n % 3),
            "email": maybe("a@example.org"), "url": maybe("https://example.org/?a=1"), "whatsapp": maybe("+55 11 9"),
            "opening_hours": pick.choice(HOURS), "schedule": kind, "first_n": 20 if kind == "first_n" else None, "hours": maybe(texts()),
            "cost": maybe({"free": pick.choice((True, False, None)), "text": maybe(texts())}),
            "eligibility": maybe({"text": maybe(texts()), "min_age": maybe(18), "max_age": maybe(64), "statuses": pick.sample(STATUSES, k=n % 3), "profiles": pick.sample(PROFILES, k=n % 2)}),
            "documents": [{"name": texts(), "without": maybe(texts())} for _ in range(n % 3)], "languages": sorted(pick.sample(("es", "pt", "ar"), k=n % 3)),
            "note": maybe(texts()), "closures": [{"starts": day, "ends": maybe(day + timedelta(days=3)), "reason": maybe(text())}][: n % 2],
            "full_until": maybe(day), "source": {"title": text(), "url": maybe("https://example.org")}, "source_date": text(),
            "assured_date": maybe(pick.choice(("2024", "2025-03", "2026-03-04"))), "confidence": pick.choice(("high", "medium", "low")),
        }  # fmt: skip
        made.append(ServiceRecord.model_validate({k: v for k, v in values.items() if v is not None}))
    return made


def emptied(record: ServiceRecord) -> ServiceRecord:
    """A record as a sheet can tell it: empty groups of rules are no group."""
    update = {}
    if (
        record.eligibility
        and not any(record.eligibility.model_dump().values())
        and record.eligibility.min_age is None
        and record.eligibility.max_age is None
    ):
        update["eligibility"] = None
    if record.cost and record.cost.free is None and record.cost.text is None:
        update["cost"] = None
    return record.model_copy(update=update)


@pytest.mark.parametrize(
    ("form", "count"), [("hsds", 10_000), ("hsds-tables", 10_000), ("csv", 10_000), ("xlsx", 1_000)]
)
def test_ten_thousand_services_come_back_equal(form: str, count: int):
    """Export and import again, in every format: the same records, without a problem."""
    assert {"hsds", "hsds-tables", "csv", "xlsx"} == set(FORMATS)
    records = plain_records(count)
    content = export(records, form, TITLES, with_hidden=True)
    read, problems, *_ = read_file(f"x{SUFFIXES[form]}", content)
    assert problems == ()
    same = {emptied(record).id: emptied(record) for record in records}
    assert {record.id: emptied(record) for record in read} == same


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_directory_is_the_same_file(form: str):
    """So that whoever keeps copies sees what changed; a workbook alone carries the moment it was made."""
    records = plain_records(200)
    assert export(records, form, TITLES) == export(records, form, TITLES) or form == "xlsx"


@generous
@given(st.lists(services(), min_size=1, max_size=5, unique_by=lambda r: r.id), st.sampled_from(FORMATS))
def test_whatever_a_record_holds_survives(records, form):
    """Any text, number, rule or list comes back as it was."""
    read, problems, *_ = read_file(f"x{SUFFIXES[form]}", export(records, form, {}, with_hidden=True))
    assert problems == ()
    assert [emptied(r) for r in sorted(read, key=lambda r: r.id)] == [
        emptied(r) for r in sorted(records, key=lambda r: r.id)
    ]


@given(st.text(min_size=1))
def test_no_cell_runs_and_every_cell_comes_back(text):
    """No written cell begins as a formula does, and reading gives the text again."""
    cell = sheets.neutral(text)
    assert cell[0] not in "=+-@\t\r"
    assert sheets.as_written(cell) == text


def test_formulas_are_text_in_csv_and_xlsx():
    """A name that is a formula is neutral in both kinds of sheet."""
    record = plain_records(1)[0].model_copy(update={"name": '=HYPERLINK("http://x","y")'})
    rows = list(csv.reader(io.StringIO(sheets.write_csv([record]).decode("utf-8-sig"))))
    assert rows[1][1].startswith("'=")
    with zipfile.ZipFile(io.BytesIO(sheets.write_xlsx([record]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_ten_kinds_of_mistake_are_refused_whole_with_row_and_column():
    """Each mistake is named with the row and column a person sees."""
    rows = list(csv.reader(io.StringIO(sheets.write_csv(plain_records(12)).decode("utf-8-sig"))))
    mistakes = [
        ("confidence", "sure"), ("latitude", "north"), ("opening_hours", "whenever"), ("phones", "none"), ("email", "me at home"),
        ("needs", ""), ("first_n", "-3"), ("full_until", "Monday"), ("organization_kind", "shop"), ("assured_date", "last year"), ("documents", "[{"),
    ]  # fmt: skip
    for number, (column, cell) in enumerate(mistakes, 1):
        rows[number][sheets.COLUMNS.index(column)] = cell
    rows[12][0] = rows[11][0]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    _, problems, *_ = read_file("x.csv", out.getvalue().encode())
    found = {(problem.row, problem.column) for problem in problems}
    for number, (column, _) in enumerate(mistakes, 2):
        assert (number, column) in found, (number, column, found)
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b"\xff\xfe"), ("x.xlsx", b"no zip"), ("x.json", b"{"), ("x.zip", b""), ("x.pdf", b"%PDF")],
)
def test_a_file_that_is_none_is_a_problem_not_a_crash(name, content):
    """Broken files are named as a whole."""
    read, problems, *_ = read_file(name, content)
    assert read == ()
    assert [problem.row for problem in problems] == [0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.csv", b"", "nothing stands in the file"),
        ("x.csv", "código;nombre\n".encode("cp1252"), "the letters of the file are not in UTF-8"),
        ("x.xlsx", b"no zip", "the file is not of the kind that its name says"),
        ("x.json", b"[" * 100_000, "the file is not of the kind that its name says"),
        ("x.json", b"{", "the file is not of the kind that its name says"),
    ],
)
def test_a_file_that_is_none_is_told_in_the_words_of_its_maker(name, content, told):
    """No word of a library stands in it, and an empty file is no import without a change."""
    (problem,) = read_file(name, content).problems
    assert problem.what == told


def test_a_cell_without_a_need_is_an_empty_cell():
    """What is missing is said the same way in a list and in a cell."""
    (_, *problems) = read_file("x.json", b'{"id": "x"}').problems
    assert {(one.column, one.what) for one in problems} >= {("needs", "nothing is written here")}


def test_a_spreadsheet_in_spanish_writes_semicolons_between_cells():
    """Such a file is read like one with commas, lists in its cells too."""
    records = plain_records(5)
    rows = csv.reader(io.StringIO(export(records, "csv", {}).decode("utf-8-sig")))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    read, problems, *_ = read_file("x.csv", out.getvalue().encode())
    assert not problems
    assert [one.id for one in read] == [one.id for one in records]


async def test_a_dry_run_changes_nothing_and_says_what_would_change(sqlite_sessions: Sessions):
    """New, changed with fields, same, and what looks listed already."""
    seeds = read_seeds()[0]
    await load_seeds(sqlite_sessions, seeds)
    before = await all_records(sqlite_sessions)
    crai = next(r for r in before if r.id == "sp-crai")
    changed = crai.model_copy(update={"email": "novo@example.org"})
    twin = crai.model_copy(update={"id": "other", "name": crai.name.upper()})
    planned = await plan(sqlite_sessions, [changed, twin, before[0]])
    assert [record.id for record in planned.new] == ["other"]
    assert [(record.id, fields) for record, fields in planned.changed] == [("sp-crai", ("email",))]
    assert planned.same == 1
    assert {(t.new, t.listed, t.by) for t in planned.twins} >= {
        ("other", "sp-crai", "name"),
        ("other", "sp-crai", "address"),
    }
    assert await all_records(sqlite_sessions) == before
    assert await apply(sqlite_sessions, planned) == 2
    after = {record.id: record for record in await all_records(sqlite_sessions)}
    assert after["sp-crai"].email == "novo@example.org"
    assert len(after) == len(before) + 1


async def test_an_import_with_a_mistake_writes_nothing(sqlite_sessions: Sessions):
    """All or nothing."""
    _, problems, *_ = read_file("x.pdf", b"")
    with pytest.raises(ImportRefusedError):
        await apply(sqlite_sessions, Plan(problems=problems, new=tuple(plain_records(3))))
    assert await all_records(sqlite_sessions) == ()


async def test_an_import_without_hidden_addresses_does_not_erase_them(sqlite_sessions: Sessions):
    """What a published file is silent about stays known to the house."""
    hidden = [record for record in plain_records(60) if record.hidden_address and record.address]
    await apply(sqlite_sessions, await plan(sqlite_sessions, hidden))
    read, *_ = read_file("x.json", export(hidden, "hsds", {}))
    await apply(sqlite_sessions, await plan(sqlite_sessions, read))
    assert {r.id: r.address for r in await all_records(sqlite_sessions)} == {r.id: r.address for r in hidden}


@pytest.mark.parametrize("form", FORMATS)
def test_published_files_hold_no_hidden_address(form: str):
    """The default export never says where a hidden door is."""
    record = plain_records(1)[0].model_copy(
        update={"hidden_address": True, "address": "Calle Secreta 7", "district": "Barrio Secreto"}
    )
    content = export([record], form, {})
    if form in ("hsds-tables", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    assert b"Secret" not in content


def test_every_id_is_a_uuid_and_stable_and_required_fields_are_there():
    """What the specification requires of each object we write, over all seeds."""
    required = {
        "phones": ("id", "number"), "schedules": ("id",), "languages": ("id",), "cost_options": ("id",), "required_documents": ("id",),
        "attributes": ("id", "link_id", "link_entity", "taxonomy_term"),
        "metadata": ("id", "last_action_date", "last_action_type", "field_name", "previous_value", "replacement_value", "updated_by"),
        "service_at_locations": ("id", "location"),
    }  # fmt: skip
    for record in read_seeds()[0]:
        service = hsds.full(record, TITLES)
        assert service == hsds.full(record, TITLES)
        assert {"id", "name", "status"} <= set(service)
        assert {"id", "name", "description"} <= set(service["organization"])
        for name, fields in required.items():
            assert all(set(fields) <= set(one) for one in service.get(name, ()))
        for found in re.findall(
            r'"id": "([^"]+)"', json.dumps({k: v for k, v in service.items() if k != "orienta"})
        ):
            assert str(uuid.UUID(found)) == found
        assert service.get("assured_date") is None or date.fromisoformat(service["assured_date"])


def test_addresses_are_whole_and_schedules_weekly_with_a_zone():
    """Every required part of an address is filled, and times carry their offset."""
    for record in read_seeds()[0]:
        service = hsds.full(record, TITLES)
        for place in service.get("service_at_locations", ()):
            for address in place["location"].get("addresses", ()):
                parts = ("address_1", "city", "state_province", "postal_code", "country", "address_type")
                assert all(address[part] for part in parts)
        for schedule in (one for one in service.get("schedules", ()) if "freq" in one):
            assert schedule["freq"] == "WEEKLY"
            assert re.fullmatch(r"\d\d:\d\d[+-]\d\d:\d\d", schedule["opens_at"])


@pytest.mark.parametrize(
    "hours", ["Mo-Fr 08:00-17:00", "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-13:00", "Mo-Su 18:00-02:00"]
)
def test_weekly_hours_go_to_schedules_and_back(hours):
    """The same shifts on the same days, whichever way."""
    told = [{"freq": "WEEKLY", "byday": d, "opens_at": o, "closes_at": c} for d, o, c in weekly(hours)]
    assert told
    assert weekly(osm(told) or "") == weekly(hours)


def test_the_tables_hold_against_their_own_descriptor():
    """
    Required cells are filled, allowed words alone stand there, each key is once and each foreign key leads somewhere.

    Ids are UUIDs, days are days, times have seconds, numbers are numbers, links and mails look like it.
    """
    forms = {
        "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "email": r"\S+@\S+\.\S+", "uri": r"https?://\S+",
        "date": r"\d{4}-\d\d-\d\d", "time": r"\d\d:\d\d:00", "number": r"-?\d+(\.\d+)?(e-?\d+)?",
    }  # fmt: skip
    content = export([*plain_records(200), *read_seeds()[0]], "hsds-tables", TITLES, with_hidden=True)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        described = json.loads(package.read("datapackage.json"))
        tables = {
            one["name"]: list(csv.DictReader(io.StringIO(package.read(one["path"]).decode(), newline="")))
            for one in described["resources"]
        }
    for resource in described["resources"]:
        rows, schema = tables[resource["name"]], resource["schema"]
        assert len({row["id"] for row in rows}) == len(rows)
        for field in schema["fields"]:
            cells = [row[field["name"]] for row in rows]
            rules = field["constraints"]
            assert not rules["required"] or all(cells), (resource["name"], field["name"])
            assert "enum" not in rules or {cell for cell in cells if cell} <= set(rules["enum"])
            form = forms.get(field.get("format", field["type"]))
            if form and field["name"] not in ("url", "website"):
                assert all(re.fullmatch(form, cell) for cell in cells if cell), (field, cells[:3])
        for key in schema.get("foreignKeys", ()):
            known = {row["id"] for row in tables[key["reference"]["resource"]]}
            assert {row[key["fields"]] for row in rows if row[key["fields"]]} <= known


@pytest.mark.parametrize(
    ("place", "city", "province", "country", "clock"),
    [
        ("quito", "Quito", "Pichincha", "EC", "-05:00"), ("pichincha", "-", "Pichincha", "EC", "-05:00"),
        ("brazil", "-", "-", "BR", "-03:00"), ("boa-vista", "Boa Vista", "Roraima", "BR", "-04:00"),
        ("san-luis", "San Luis", "San Luis", "AR", "-03:00"), ("elsewhere", "-", "-", "-", ""),
    ],
)  # fmt: skip
def test_an_address_says_only_what_is_known_of_its_place(
    place: str, city: str, province: str, country: str, clock: str
):
    """City, province, country and clock come from the place; of a place we do not know nothing is claimed."""
    record = plain_records(1)[0].model_copy(
        update={
            "place": place,
            "address": "Calle 1",
            "hidden_address": False,
            "opening_hours": "Mo-Fr 08:00-12:00",
        }
    )
    service = hsds.full(record, TITLES)
    [address] = service["service_at_locations"][0]["location"]["addresses"]
    assert (address["city"], address["state_province"], address["country"]) == (city, province, country)
    assert service["schedules"][0]["opens_at"] == f"08:00{clock}"


def test_numbers_to_dial_arrive_as_they_are_dialled():
    """A plus before a telephone number is no formula; a name that is one stays neutral."""
    record = plain_records(1)[0].model_copy(update={"phones": ("+593 2 299 3200",), "name": "=1+1"})
    with zipfile.ZipFile(io.BytesIO(export([record], "hsds-tables", {}))) as package:
        [phone] = csv.DictReader(io.StringIO(package.read("phones.csv").decode()))
        [service] = csv.DictReader(io.StringIO(package.read("services.csv").decode()))
    assert phone["number"] == "+59322993200"
    assert service["name"] == "'=1+1"


def test_hours_that_do_not_repeat_weekly_are_not_bent_into_a_schedule():
    """Seasons have no weekly schedule."""
    assert weekly("Jan-Mar Mo-Fr 08:00-12:00; Apr-Dec Mo-Fr 08:00-17:00") == ()


def test_a_stranger_s_hsds_is_read_as_far_as_it_goes():
    """A service of another directory needs our needs and place, and says so by column."""
    service = {
        "id": str(uuid.uuid4()),
        "name": "Counselling",
        "status": "active",
        "organization": {"id": "x", "name": "Town", "description": "d"},
    }
    _, problems, *_ = read_file("x.json", json.dumps([service]).encode())
    assert {problem.column for problem in problems} == {"place", "needs"}


async def api_client(records, changed=None) -> httpx.AsyncClient:
    directory = Directory(
        ListedSource(records), load_library().places, lambda: datetime(2026, 11, 11, tzinfo=UTC)
    )
    app = Starlette(routes=hsds_routes(directory, TITLES, changed=changed))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t")


async def test_the_api_pages_through_every_active_service_once():
    """Pages of any size list each service once, with the fields of the Page object."""
    seeds = read_seeds()[0]
    async with await api_client(seeds) as client:
        assert (await client.get("/hsds/")).json()["version"] == "3.0"
        seen: list[str] = []
        number = 1
        while True:
            page = (await client.get("/hsds/services", params={"page": number, "per_page": 17})).json()
            assert set(page) == {
                "total_items",
                "total_pages",
                "page_number",
                "size",
                "first_page",
                "last_page",
                "empty",
                "contents",
            }
            assert page["total_items"] == len(seeds)
            assert page["first_page"] == (number == 1)
            seen += [service["id"] for service in page["contents"]]
            if page["last_page"]:
                break
            number += 1
        assert len(seen) == len(set(seen)) == len(seeds)
        assert number == page["total_pages"]
        one = (await client.get(f"/hsds/services/{seen[0]}")).json()
        assert one["id"] == seen[0]
        assert (await client.get("/hsds/services/nobody")).status_code == 404
        beyond = (await client.get("/hsds/services?page=999")).json()
        assert (beyond["empty"], beyond["contents"]) == (True, [])
        for bad in ("page=0", "page=x", "per_page=-1", "page=99999999999999999999"):
            assert (await client.get(f"/hsds/services?{bad}")).status_code == 400
        assert (await client.post("/hsds/services")).status_code == 405


async def test_what_the_api_does_not_have_is_told_in_json_to_any_page():
    """A path or a method that is not there has an answer of the API's own, which other sites' pages may read."""
    async with await api_client(read_seeds()[0]) as client:
        assert (await client.get("/hsds")).headers["location"] == "/hsds/"
        for path in ("/hsds/organizations", "/hsds/services/", "/hsds/services/a/b"):
            answer = await client.get(path)
            assert (answer.status_code, set(answer.json())) == (404, {"error"})
        refused = await client.delete("/hsds/organizations")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        for path in ("/hsds/", "/hsds/services", "/hsds/services/nobody", "/hsds/services?page=0"):
            headers = (await client.get(path)).headers
            assert headers["access-control-allow-origin"] == "*"
            assert headers["cache-control"] == "no-cache"
            assert headers["x-content-type-options"] == "nosniff"


async def test_the_api_filters_as_the_reference_says(sqlite_sessions: Sessions):
    """Search, needs, taxonomy, organization, what is newer, ids alone and lines; a wrong value is told."""
    seeds = read_seeds()[0]
    await load_seeds(sqlite_sessions, seeds)
    house = next(record for record in seeds if record.id == "ec-svc-hermano")
    await Upkeep(sqlite_sessions, load_library().places).apply(
        house.id,
        Change("full", date(2026, 11, 30)),
        datetime(2026, 11, 27, 17, tzinfo=UTC),
        ("quito",),
        "a@b.c",
    )
    changed = partial(last_changes, sqlite_sessions)
    async with await api_client(seeds, changed=changed) as client:

        async def ids(**query: str) -> set[str]:
            answer = await client.get("/hsds/services", params={"per_page": "200", **query})
            assert answer.status_code == 200, answer.text
            return {service["id"] for service in answer.json()["contents"]}

        one = hsds.identifier("service", house.id)
        assert one in await ids(search="hermano")
        assert one in await ids(search="albergue temporal")
        assert await ids(search="nothing of the kind") == set()
        needed = await ids(taxonomy_term_id=hsds.identifier("taxonomy_term", "shelter.temporary"))
        assert needed == {hsds.identifier("service", r.id) for r in seeds if "shelter.temporary" in r.needs}
        assert len(await ids(taxonomy_id=str(hsds.taxonomy()["id"]))) == len(seeds)
        assert await ids(taxonomy_id=str(uuid.uuid4())) == set()
        unchecked = {hsds.identifier("service", r.id) for r in seeds if r.assured_date is None}
        assert await ids(modified_after="2026-11-27T16:00:00Z") == unchecked | {one}
        assert await ids(modified_after="2026-11-27T18:00:00+00:00") == unchecked - {one}
        assert len(await ids(modified_after="2000-01-01")) == len(seeds)
        page = (await client.get("/hsds/services", params={"minimal": "true", "per_page": "5"})).json()
        assert (page["total_pages"], page["size"], page["last_page"]) == (1, len(seeds), True)
        assert all(set(service) <= {"id", "modified_date"} for service in page["contents"])
        [mine] = [service for service in page["contents"] if service["id"] == one]
        assert mine["modified_date"].startswith("2026-11-27T17:00:00")
        lines = (await client.get("/hsds/services", params={"format": "ndjson"})).text.splitlines()
        assert {json.loads(line)["id"] for line in lines} == await ids()
        for bad in ("modified_after=yesterday", "minimal=perhaps", "full=2", "format=xml"):
            assert (await client.get(f"/hsds/services?{bad}")).status_code == 400, bad


async def test_whoever_keeps_a_copy_is_never_told_that_nothing_changed_when_we_do_not_know():
    """While the history cannot be read the question for what is newer has no answer; the others have."""

    async def away() -> dict[str, datetime]:
        raise OSError("the disk is away")

    async with await api_client(read_seeds()[0], changed=away) as client:
        assert (await client.get("/hsds/services?modified_after=2026-01-01")).status_code == 503
        assert (await client.get("/hsds/services")).status_code == 200


async def test_the_api_never_says_where_a_hidden_door_is():
    """Neither in lists nor in full."""
    record = plain_records(1)[0].model_copy(
        update={"hidden_address": True, "address": "Calle Secreta 7", "status": "active"}
    )
    async with await api_client([record]) as client:
        for path in ("/hsds/services", "/hsds/services?full=true", f"/hsds/services/{record.id}"):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert "Secreta" not in answer.text
