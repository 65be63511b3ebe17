"""The content changes while weeks are counted: a need, a sector or a place goes, comes or is renamed, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.places import Places
from content.taxonomy import Need, Taxonomy
from demand.codes import Codes, countable, line
from demand.counts import Kind, added
from demand.database import connect, reading, writing
from demand.halves import half_periods
from demand.keeping import Keeper
from demand.knowledge import Attacker
from demand.ledger import Ledger
from demand.lines import in_line
from demand.merging import K
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from demand.release import close_weeks
from demand.released import Grid, read_releases
from demand.store import counted_weeks, read_week, rewrite_week
from demand.weeks import weeks_of
from tests.privacy.worlds import eight_places, made_up_week

START = date(2026, 1, 26)
ASKERS = {"quito-a": 320, "pichincha-a": 90, "sao-paulo-a": 180}
World = tuple[Taxonomy, Places]


def _without(taxonomy: Taxonomy, needs: set[str]) -> Taxonomy:
    return replace(taxonomy, needs={code: need for code, need in taxonomy.needs.items() if code not in needs})


def _need_goes(world: World) -> World:
    return _without(world[0], {"work.job"}), world[1]


def _need_comes(world: World) -> World:
    need = Need("work.advice", "work", (4,), False, {"es": "Consejo"}, "")
    return replace(world[0], needs={**world[0].needs, need.code: need}), world[1]


def _sector_goes(world: World) -> World:
    taxonomy = _without(world[0], {need.code for need in world[0].needs_of("work")})
    return replace(taxonomy, sectors={c: t for c, t in taxonomy.sectors.items() if c != "work"}), world[1]


def _need_is_sensitive(world: World) -> World:
    job = replace(world[0].needs["work.job"], sensitive=True)
    return replace(world[0], needs={**world[0].needs, "work.job": job}), world[1]


def _place_goes(world: World) -> World:
    return world[0], Places({one.code: one for one in world[1].all if one.code != "quito-a"})


def _place_is_renamed(world: World) -> World:
    renamed = world[1].place("quito-a").model_copy(update={"code": "kitu"})
    return world[0], Places({one.code: one for one in (*_place_goes(world)[1].all, renamed)})


CHANGES = (_need_goes, _need_comes, _sector_goes, _need_is_sensitive, _place_goes, _place_is_renamed)


@pytest.mark.parametrize(
    ("change", "before_week"),
    [*((c, 2) for c in CHANGES), (_need_goes, 1), (_need_goes, 3), (_need_comes, 3)],
)
def test_what_was_counted_is_released_when_the_content_changes(
    library, lite, change: Callable[[World], World], before_week: int
):
    """Each code that could be counted stands in one figure, within 3 of the truth; no cell is known; nothing is left."""
    world: World = (library.taxonomy, eight_places(library))
    truth: Counter = Counter()
    needs: set[str] = set()
    for number, week in enumerate(weeks_of(START)):
        world = change(world) if number == before_week else world
        taxonomy, places = world
        needs |= {need for members in countable(taxonomy).values() for need in members}
        askers = {
            ("kitu" if code == "quito-a" and "kitu" in places else code): n for code, n in ASKERS.items()
        }
        here = {code: n for code, n in askers.items() if code in places}
        counts = made_up_week(SimpleNamespace(taxonomy=taxonomy), here, 7, week)  # type: ignore[arg-type]
        for kind in (Kind.NEED, Kind.LANGUAGE, Kind.SECTOR, Kind.EVERYWHERE):
            truth.update({(kind, where, week, code): n for (where, code), n in counts[kind].items()})
        whole = added(Codes(taxonomy).asked_by_nobody(p for p in places.open if p.code in here), counts)
        with writing(lite) as connection:
            rewrite_week(connection, week, whole, over=True)
            # The next week's content closes this one: a change comes before its week's end is written.
            closing = change(world) if number + 1 == before_week else world
            after = datetime.combine(week + timedelta(days=7), time(14), UTC)
            close_weeks(connection, after, closing[1], closing[0])
    with reading(lite) as connection:
        releases = read_releases(connection)
        assert counted_weeks(connection) == []
        assert half_periods(connection) == set()
    assert Attacker(world[0]).findings(releases) == []
    published = {one.place: one for one in releases if one.grid is Grid.NEED and one.figures}
    assert {"quito-a", "sao-paulo-a"} <= {one.place for one in releases if one.grid is Grid.NEED}
    assert "quito-a" in published
    for one in releases:
        if one.grid.value not in (Kind.NEED, Kind.LANGUAGE, Kind.SECTOR, Kind.EVERYWHERE):
            continue
        for figure in one.figures:
            covered = [one.start + timedelta(days=7 * step) for step in range(one.weeks)]
            true = sum(truth[Kind(one.grid), one.place, w, code] for w in covered for code in figure.codes)
            assert abs(true - figure.askers) <= (2 if one.weeks == 1 else 3)
            assert true >= K
    for one in published.values():
        assert sorted(code for figure in one.figures for code in figure.codes) == sorted(needs)
    if change is _need_is_sensitive:
        assert not [f for one in releases if one.start >= START + timedelta(days=7 * (before_week - 1))
                    for f in one.figures if f.codes == ("work.job",)]  # fmt: skip


def test_a_list_is_kept_with_its_counts_and_says_nothing_of_who_asked(library, lite):
    """Two ledgers, one asked and one not, keep the same codes; those of an earlier list stay until the week closes."""
    moment = datetime(2026, 3, 2, 15, tzinfo=UTC)
    codes = []
    for asked in (False, True):
        ledger = Ledger(library.places, library.taxonomy, moment)
        keeper = Keeper(ledger, lite, library.places, library.taxonomy, moment)
        if asked:
            ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), b"1", moment)
        keeper.write(moment + timedelta(hours=1))
        with reading(lite) as connection:
            codes.append(set(read_week(connection, date(2026, 3, 2))[Kind.NEED]))
    shorter = _without(library.taxonomy, {"work.job"})
    ledger = Ledger(library.places, shorter, moment)
    Keeper(ledger, lite, library.places, shorter, moment).write(moment + timedelta(hours=2))
    with reading(lite) as connection:
        codes.append(set(read_week(connection, date(2026, 3, 2))[Kind.NEED]))
    assert codes[0] == codes[1] == codes[2]
    assert ("quito", "work.job") in codes[0]


NEEDS = [f"{sector}.{number}" for sector in "abc" for number in range(4)]


@given(
    st.dictionaries(st.sampled_from(NEEDS), st.integers(0, 60), min_size=2), st.sets(st.sampled_from(NEEDS))
)
def test_no_sensitive_need_stands_alone_and_only_neighbours_join(counts, sensitive):
    """Cells are covered by runs of the line with their sums; one of sensitive needs alone is left only when all are."""
    everything = {code: Need(code, code[0], (1,), code in sensitive, {"es": code}, "") for code in NEEDS}
    taxonomy = Taxonomy(everything, {sector: {"es": sector} for sector in "abc"}, ())
    codes = line(Kind.NEED, counts)
    covered = Codes(taxonomy).covered({(code,): count for code, count in counts.items()}, codes)
    assert [code for cell in in_line(covered, codes) for code in cell] == list(codes)
    assert all(count == sum(counts[code] for code in cell) for cell, count in covered.items())
    alone = [cell for cell in covered if sensitive.issuperset(cell)]
    assert alone == [] or len(covered) == 1


def test_the_first_period_is_joined_no_further_than_ten_askers_need(library, tmp_path, monkeypatch):
    """An installation begins in the middle of a period: where many ask, the audit joins nothing for its empty weeks."""
    askers = dict(
        zip((place.code for place in eight_places(library).all), (400, 150, 900, 75, 420), strict=False)
    )
    alone = []
    for number, audit in enumerate((Attacker.findings, lambda *_: [])):
        monkeypatch.setattr(Attacker, "findings", audit)
        releases, truth = _lived_through(library, f"sqlite+aiosqlite:///{tmp_path}/{number}.sqlite3", askers)
        shown: Counter = Counter()
        for one in releases:
            for figure in one.figures if one.grid is Grid.NEED and askers[one.place] >= 400 else ():
                shown[one.place, len(figure.codes) == 1] += sum(
                    truth[one.place, code] for code in figure.codes
                )
        alone.append({code: shown[code, True] / (shown[code, True] + shown[code, False])
                      for code, many in askers.items() if many >= 400})  # fmt: skip
    with_audit, without = alone
    assert all(with_audit[code] >= without[code] - 0.02 for code in with_audit), alone


def _lived_through(library, url: str, askers: dict[str, int]):
    """The releases of a period of which only the last two weeks were counted, and who asked for what."""
    upgrade(url)
    engine = connect(url)
    truth: Counter = Counter()
    with writing(engine) as connection:
        for week in weeks_of(START)[2:]:
            counts = made_up_week(library, askers, 7, week)
            truth.update(counts[Kind.NEED])
            rewrite_week(connection, week, counts, over=True)
            after = datetime.combine(week + timedelta(days=7), time(14), UTC)
            close_weeks(connection, after, eight_places(library), library.taxonomy)
        releases = read_releases(connection)
    engine.dispose()
    return releases, truth
