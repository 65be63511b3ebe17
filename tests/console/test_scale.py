"""Large directories: the database chooses, sorts, counts and cuts, and says what going through everything would say."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from rapidfuzz import fuzz, process
from sqlalchemy import event

from console import finding, holdings, pairs, showing, weighing
from console.migrations import upgrade
from console.offers import offers
from console.remembering import Remembered
from content.folding import folded
from content.library import Library
from demand.released import Figure, Grid, Release
from demand.upkeep import Entry, first_to_check
from referrals.comparison import Offer
from referrals.database import Sessions
from referrals.entries import snapshot_of
from referrals.loading import read_seeds
from referrals.neighbourhoods import neighbourhood
from referrals.phones import tel_uri
from referrals.records import ServiceRecord, partial_day
from referrals.tables import Report
from referrals.writing import Mark, store
from tests.console.compared import compare, counted_by_hand, held_by_hand
from tests.console.rig import MORNING, Rig, built, record
from tests.console.test_imports import row, send, table
from tests.postgres import url
from tests.referrals.conftest import sessions

__all__ = ["sessions", "url"]
NEEDS = ("documents.id_card", "shelter.temporary", "food.meals")
DAYS = {"quito": date(2026, 11, 28), "san-luis": date(2026, 11, 28), "sao-paulo": date(2026, 11, 29)}
WORDS = ("Casa", "Ánimo", "ñandú", "Centro", "comedor", "Zé", "zona", "ação", "Cásà", "-", "10%", "a_b")
SINCE = date(2026, 9, 1)


def generated(count: int, seed: int = 26) -> list[ServiceRecord]:
    """Services of three places and a country, of every state, many of them nearly alike."""
    pick = random.Random(seed)
    dates = (
        None,
        "2024",
        "2025",
        "2025-01",
        "2025-01-01",
        "2025-11-28",
        "2025-11-29",
        "2025-11-30",
        "2026-11",
        "2027",
    )
    made = []
    for number in range(count):
        day = date(2026, 11, 28) + timedelta(days=pick.randint(-2, 2))
        made.append(record(
            f"svc-{pick.choice('abc.-'.replace('-', 'd'))}{number}".replace(".", "x"), pick.choice((*DAYS, "ecuador")),
            name=" ".join(pick.choices(WORDS, k=pick.randint(1, 3))),
            organization={"name": f"Fundación {pick.randint(0, 9)}", "kind": "ngo"},
            needs=pick.sample(NEEDS, pick.randint(1, 3)), address=pick.choice((None, "Calle Bolívar 7")),
            district=pick.choice((None, "Ñuñoa")), assured_date=pick.choice(dates),
            phones=pick.choice(([], ["171"], ["+593 2 299 3200"], ["02 299 3200"], ["+593 2 222 1111 ext. 5"])),
            status=pick.choice(("active", "active", "active", "inactive")),
            opening_hours=pick.choice((None, "Mo-Fr 08:00-12:00")),
            full_until=pick.choice((None, None, day)),
            closures=pick.choice(([], [{"starts": day, "ends": pick.choice((None, day))}])),
        ))  # fmt: skip
    return sorted(made, key=lambda one: one.id)


@pytest.fixture
async def filled(sessions: Sessions) -> tuple[Sessions, list[ServiceRecord]]:
    """A directory, and what is in it."""
    everything = generated(160)
    async with sessions.writing() as writing:
        await store(writing, [(one, Mark("import")) for one in everything])
    return sessions, everything


def by_hand(found: list[ServiceRecord], wanted: finding.Wanted) -> list[str]:
    """The list as going through every service gives it."""
    kept = [
        one
        for one in found
        if one.place in DAYS
        and wanted.place in ("", one.place)
        and (not wanted.need or wanted.need in one.needs)
        and _in_state(one, wanted.state)
        and all(word in _searched(one) for word in folded(wanted.words).split())
    ]
    if wanted.sort == "checked":
        kept.sort(key=lambda one: (one.assured_date or "0000", one.name))
    elif wanted.sort == "newest":
        kept.sort(key=lambda one: one.assured_date or "0000", reverse=True)
    else:
        kept.sort(key=lambda one: folded(one.name))
    return [one.id for one in kept]


def _searched(one: ServiceRecord) -> str:
    return folded(
        " ".join(
            (one.name, one.organization.name, one.district or "", one.address or "", one.id, *one.phones)
        )
    )


def _in_state(one: ServiceRecord, state: str) -> bool:
    today = DAYS[one.place]
    if state == "inactive":
        return one.status == "inactive"
    wanted = {
        "due": showing.is_due(one, today), "closed": showing.is_shut(one, today),
        "full": showing.is_full(one, today), "hours": one.opening_hours is None,
    }  # fmt: skip
    return one.status == "active" and wanted.get(state, True)


STATES = ("", "due", "closed", "full", "hours", "inactive", "nonsense")
SEARCHES = (
    "/",
    "casa",
    "ANDU",
    "accao",
    "bolivar 7",
    "svc-a",
    "299 3200",
    "10%",
    "_",
    "fundacion 3 casa",
    "%",
    "\\",
)


async def test_a_list_is_that_of_going_through_every_service(
    filled: tuple[Sessions, list[ServiceRecord]],
) -> None:
    """The same services in the same order, however the list is filtered, searched, sorted and cut."""
    sessions, everything = filled
    asked = [finding.Wanted("", place, state, need, sort) for place, state, need, sort in
             product(("", "quito", "nowhere"), STATES, ("", NEEDS[1], "nothing"), ("", "checked", "newest"))]  # fmt: skip
    asked += [finding.Wanted(words=words) for words in SEARCHES]
    async with sessions.reading() as reading:
        for wanted in asked:
            found, count = await finding.page(reading, wanted, DAYS, 1_000, 0)
            assert [one.id for one in found] == by_hand(everything, wanted), wanted
            assert count == len(found)
        shown, count = await finding.page(reading, finding.Wanted(), DAYS, 20, 10)
        assert [one.id for one in shown] == by_hand(everything, finding.Wanted())[10:30]
        assert (await finding.page(reading, finding.Wanted(), DAYS, 20, 5_000)) == ((), count)
        active = [one for one in everything if one.place in DAYS and one.status == "active"]
        due = [one for one in active if showing.is_due(one, DAYS[one.place])]
        numbers = finding.Tally(sum(one.place in DAYS for one in everything), len(active), len(due))
        assert await finding.tally(reading, DAYS) == numbers
        mine = {need for one in everything if one.place in DAYS for need in one.needs}
        assert set(await finding.needs(reading, DAYS)) == mine


def released(place: str, *figures: tuple[tuple[str, ...], int]) -> Release:
    """A release of what was needed in a place."""
    return Release(
        Grid.NEED, place, date(2026, 11, 1), 4, 1, tuple(Figure(codes, count) for codes, count in figures)
    )


RELEASES = (
    released("quito", ((NEEDS[0], "it's"), 120), ((NEEDS[1],), 7)),
    released("sao-paulo", ((NEEDS[2],), 40)),
)


async def test_the_queue_is_that_of_the_rule(filled: tuple[Sessions, list[ServiceRecord]]) -> None:
    """Demand × age × trouble as the room `demand` multiplies them, and its ties in the order of the codes."""
    sessions, everything = filled
    pick, told = random.Random(3), []
    for one, kind in product(everything[::2], ("refused", "helped", "full")):
        count = pick.randint(1, 4)
        told.append(Report(service_id=one.id, day=SINCE + timedelta(days=pick.choice((-1, 0, 9))), kind=kind, count=count,
                           reviewed=pick.choice((0, count))))  # fmt: skip
    async with sessions.writing() as writing:
        writing.add_all(told)
    trouble = {one.id: sum(report.count - report.reviewed for report in told if report.service_id == one.id
                           and report.day >= SINCE and report.kind != "helped") for one in everything}  # fmt: skip
    today = MORNING.date()
    async with sessions.reading() as reading:
        for releases, place, need, by_age in product(
            ((), RELEASES), ("", "quito"), ("", NEEDS[2]), (False, True)
        ):
            entries = [
                Entry(one.id, one.place, one.needs, _checked(one), trouble[one.id]) for one in everything
                if one.place in DAYS and one.status == "active" and place in ("", one.place)
                and (not need or need in one.needs)
            ]  # fmt: skip
            wanted = first_to_check(entries, releases, today)
            if by_age:
                wanted.sort(key=lambda one: -one.days)
            asked = weighing.Asked(tuple(DAYS), place, need, by_age)
            found, count = await weighing.services_first(reading, asked, releases, today, SINCE, 1_000)
            numbers = [(one.what.id, one.askers, one.days, one.trouble) for one in found]
            assert numbers == [(one.what, one.askers, one.days, one.trouble) for one in wanted]
            assert count == len(wanted)


def _checked(one: ServiceRecord) -> date | None:
    return partial_day(one.assured_date)[0] if one.assured_date else None


def pairs_by_hand(found: list[ServiceRecord]) -> list[tuple[str, str, str]]:
    """Pairs as comparing every service with every other gives them."""
    made: dict[tuple[str, str], tuple[str, str, str]] = {}
    for place in dict.fromkeys(one.place for one in found):
        mine, first = [one for one in found if one.place == place], {}
        for at, one in enumerate(mine):
            names = [folded(other.name) for other in mine[at + 1 :]]
            for _, _, other in process.extract(
                folded(one.name), names, scorer=fuzz.token_sort_ratio, score_cutoff=92.0, limit=3
            ):
                made.setdefault((one.id, mine[at + 1 + other].id), (one.id, mine[at + 1 + other].id, "name"))
        for one in mine:
            for number in one.phones:
                other = first.setdefault(tel_uri(number), one) if len(number) > 6 else one
                if other is not one and other.organization.id != one.organization.id:
                    made.setdefault((other.id, one.id), (other.id, one.id, "phones"))
    return list(made.values())


async def test_pairs_are_those_of_comparing_every_service(
    filled: tuple[Sessions, list[ServiceRecord]],
) -> None:
    """Of own places alone, before and after a change."""
    sessions, everything = filled
    looked = pairs.Pairs(Remembered())
    changed = everything[5].model_copy(update={"name": everything[9].name, "place": everything[9].place})
    for state in (everything, [changed if one is everything[5] else one for one in everything]):
        async with sessions.writing() as writing:
            await store(writing, [(one, Mark("import")) for one in state])
        for place, need in (("", ""), ("quito", ""), ("", NEEDS[0])):
            active = [one for one in state if one.status == "active" and one.place in DAYS
                      and place in ("", one.place) and (not need or need in one.needs)]  # fmt: skip
            async with sessions.reading() as reading:
                for at_most in (3, 10_000):
                    asked = pairs.Asked(frozenset(DAYS), place, need, at_most)
                    found = await looked.first(reading, asked)
                    codes = [(pair.first.id, pair.second.id, pair.by) for pair in found]
                    assert codes == pairs_by_hand(active)[:at_most], (place, need)


async def test_offers_are_those_of_the_directory_in_memory(
    filled: tuple[Sessions, list[ServiceRecord]], library: Library
) -> None:
    """Counted by the database or from a snapshot: the same rows."""
    sessions, everything = filled
    places = [(one.code, neighbourhood(one, library.places)) for one in library.places.all]
    async with sessions.reading() as reading:
        counted = await offers(reading, places, NEEDS, MORNING)
    assert counted == compare(snapshot_of(1, everything), places, NEEDS, MORNING)


async def test_holdings_are_those_of_going_through_every_service(
    filled: tuple[Sessions, list[ServiceRecord]], library: Library
) -> None:
    """What the pages of coverage, comparison and criteria count: the same numbers, each on its place's own day."""
    sessions, everything = filled
    needs, pick = list(library.taxonomy.needs), random.Random(8)
    everything = [
        one.model_copy(update={"needs": pick.sample(needs, 3), "languages": pick.sample(["en", "es", "pt"], 2),
                               "place": pick.choice((*DAYS, "ecuador", "brazil", "pichincha"))})
        for one in everything
    ]  # fmt: skip
    async with sessions.writing() as writing:
        await store(writing, [(one, Mark("import")) for one in everything])
    today = {**DAYS, "pichincha": DAYS["quito"], "nowhere": DAYS["quito"]}
    async with sessions.reading() as reading:
        assert await holdings.counted(reading, library, MORNING) == counted_by_hand(
            everything, library, MORNING
        )
        assert await holdings.held(reading, today) == held_by_hand(everything, today)
        attended = await holdings.attended(reading, today)
    assert attended == Counter(
        (one.place, need)
        for one in everything
        for need in one.needs
        if one.status == "active" and one.place in today
    )


async def test_places_stand_beside_each_other(sessions: Sessions, library: Library) -> None:
    """The same needs in the same order; each gap says why."""
    async with sessions.writing() as writing:
        await store(writing, [(one, Mark("seed")) for one in read_seeds()[0]])
    needs = tuple(library.taxonomy.needs)
    around = [(place.code, neighbourhood(place, library.places)) for place in library.places.open]
    async with sessions.reading() as reading:
        beside = await offers(reading, around, needs, MORNING)
    assert [one.place for one in beside] == [place.code for place in library.places.open]
    for one in beside:
        assert tuple(offer.need for offer in one.offers) == needs
        assert all(reason in ("none", "all_waiting", "unchecked") for _, reason in one.gaps)
        assert all(offer.checked <= offer.services + offer.around for offer in one.offers)
        assert one.services == sum(1 for offer in one.offers if offer.services + offer.around)


async def test_a_gap_says_why(sessions: Sessions, library: Library) -> None:
    """Nothing, all full or closed, nothing checked within a year; otherwise none."""
    shelter, food, care, advice = "shelter.temporary", "basics.food", "health.care", "legal.advice"
    made = [
        record("a", "quito", needs=[shelter], assured_date="2026-05-02"),
        record("b", "quito", needs=[shelter], assured_date="2026-05-02", full_until="2026-12-01"),
        record("c", "quito", needs=[food], assured_date="2026-05-02", full_until="2026-12-01"),
        record("d", "quito", needs=[care], assured_date="2024"),
        record("e", "ecuador", needs=[care], assured_date="2023-05"),
    ]
    async with sessions.writing() as writing:
        await store(writing, [(one, Mark("import")) for one in made])
    quito = [("quito", neighbourhood(library.places.place("quito"), library.places))]
    async with sessions.reading() as reading:
        [one] = await offers(reading, quito, (shelter, food, care, advice), MORNING)
    assert one.offers[0] == Offer(shelter, 2, 0, 2, 1, date(2026, 5, 2))
    assert one.gaps == ((food, "all_waiting"), (care, "unchecked"), (advice, "none"))
    assert (one.offers[2].services, one.offers[2].around) == (1, 1)


@contextmanager
def reads(sessions: Sessions) -> Iterator[dict[str, int]]:
    """How many statements were sent, and how many rows came back."""
    seen = {"statements": 0, "rows": 0}

    def count(_connection: Any, cursor: Any, *_rest: Any) -> None:
        seen["statements"] += 1
        seen["rows"] += len(cursor._rows)

    event.listen(sessions.engine.sync_engine, "after_cursor_execute", count)
    yield seen
    event.remove(sessions.engine.sync_engine, "after_cursor_execute", count)


async def larger(rig: Rig, count: int) -> None:
    """So many services in one place, no two with the same name."""
    made = [
        record(f"gen-{n:05}", "quito", name=f"{n:05} {'xyzw'[n % 4] * 9}", assured_date="2024",
               phones=[f"+593 2 22{n:05}"], needs=NEEDS[:2])
        for n in range(count)
    ]  # fmt: skip
    async with rig.sessions.writing() as writing:
        await store(writing, [(one, Mark("import")) for one in made])


PAGES = ("/", "/services", "/services?q=xyz", "/services?state=due&sort=checked&page=2", "/services?need=food.meals",
         "/review", "/review?sort=unchecked&place=quito", "/services/gen-00007", "/comparison")  # fmt: skip
OVERSEEN = ("/coverage", "/coverage?sort=-fresh&need=quito", "/comparison/download", "/reports/criteria/8")


@pytest.fixture
async def rig(sessions: Sessions, url: str, library: Library) -> Rig:
    await asyncio.to_thread(upgrade, url)
    return await built(sessions, library)


async def test_what_a_page_reads_does_not_grow_with_the_directory(rig: Rig) -> None:
    """Statements and rows are the same for two hundred services and for eight hundred."""
    writes, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    oversees, _ = await rig.person("eva@example.org", "coordinator", ["quito", "pichincha"])
    asked = [*((writes, page) for page in PAGES), *((oversees, page) for page in OVERSEEN)]
    seen = []
    for count in (200, 800):
        await larger(rig, count)
        found = {}
        for client, page in asked:
            assert (await client.get(f"/console{page}")).status_code == 200
            with reads(rig.sessions) as counted:
                await client.get(f"/console{page}")
            found[page] = counted
        seen.append(found)
    assert seen[0] == seen[1]
    assert all(counted["rows"] < 1_000 and counted["statements"] < 60 for counted in seen[0].values())


async def test_after_a_change_names_alone_are_read_again(rig: Rig) -> None:
    """One narrow row for each service of the place, for names are compared with each other."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    await larger(rig, 400)
    await client.get("/console/review")
    with reads(rig.sessions) as usual:
        await client.get("/console/review")
    await larger(rig, 401)
    with reads(rig.sessions) as after:
        await client.get("/console/review")
    assert after["rows"] - usual["rows"] < 401 + 50


async def test_the_page_of_a_dry_run_reads_only_what_the_file_names(rig: Rig) -> None:
    """Two services of a file, in a directory of any size."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    seen = []
    for count in (100, 400):
        await larger(rig, count)
        content = table(row("gen-00007", name="Otro nombre"), row("nuevo"))
        page = await send(client, "casas.csv", content)
        assert "Otro nombre" in page.text
        with reads(rig.sessions) as counted:
            await client.get(page.request.url.path)
        seen.append(counted)
    assert seen[0] == seen[1]
