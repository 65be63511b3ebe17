"""Routing: at most three doors, always the same, each with its reasons, and nobody leaves with nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.loading import load_library
from content.places import distance_km
from referrals.doors import Found, Position, Request, State
from referrals.entries import snapshot_of
from referrals.loading import read_seeds
from referrals.neighbourhoods import neighbourhood
from referrals.records import PROFILES, STATUSES, ServiceRecord
from referrals.routing import route
from tests.referrals.generated import DAY, NEEDS, directories, services

LIBRARY = load_library()
PLACES = LIBRARY.places
AROUND = {place.code: neighbourhood(place, PLACES) for place in PLACES.all}
MOMENT = datetime(2026, 11, 11, 15, tzinfo=UTC)
SEEDS = snapshot_of(1, read_seeds()[0])

requests = st.builds(
    Request,
    need=st.sampled_from(NEEDS),
    place=st.sampled_from(("quito", "pichincha", "sao-paulo", "san-luis")),
    moment=st.integers(-40, 40).map(
        lambda n: datetime(2026, 11, 2, 14, tzinfo=UTC) + timedelta(days=n, hours=n)
    ),
    language=st.sampled_from(("es", "pt", "en", "fr", "ht")),
    profile=st.lists(st.sampled_from(PROFILES), max_size=2, unique=True).map(tuple),
    status=st.none() | st.sampled_from(STATUSES),
    age=st.none() | st.integers(0, 100),
    position=st.none() | st.just(Position(-0.19, -78.49)),
    skip=st.lists(st.integers(0, 50).map(lambda n: f"s-{n}"), max_size=2).map(tuple),
)
generous = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ask(records, request, limit=3):
    return route(request, snapshot_of(1, records), AROUND[request.place], limit)


def service(code: str, **values) -> ServiceRecord:
    base = {
        "id": code, "name": code, "organization": {"name": "O", "kind": "ngo"}, "place": "quito",
        "needs": ["shelter.temporary"], "phones": ["171"], "source": {"title": "t"}, "confidence": "high",
        "assured_date": "2026-10-01",
    }  # fmt: skip
    return ServiceRecord.model_validate({**base, **values})


SHELTER = Request(need="shelter.temporary", place="quito", moment=MOMENT, language="es")


@generous
@given(directories, requests)
def test_order_does_not_depend_on_the_order_of_the_directory(records, request_):
    """The same services in another order give the same doors, reasons and outcome."""
    shuffled = list(records)
    random.Random(7).shuffle(shuffled)
    assert ask(records, request_) == ask(shuffled, request_)


@generous
@given(directories, requests)
def test_every_door_holds(records, request_):
    """At most three, none twice, none skipped, inactive, closed, full, hidden or for others; each with a reason."""
    found = ask(records, request_)
    by_id = {record.id: record for record in records}
    assert len(found.doors) <= 3
    assert len({door.service_id for door in found.doors}) == len(found.doors)
    today = request_.moment.date()
    circles = dict(AROUND[request_.place].circles)
    for door in found.doors:
        record = by_id[door.service_id]
        assert record.status == "active"
        assert record.id not in request_.skip
        assert record.place in circles
        assert door.reasons[0].code == ("serves_need" if request_.need in record.needs else "related_need")
        if record.hidden_address:
            assert (door.address, door.district, door.latitude, door.longitude) == (None, None, None, None)
            assert "near" not in {reason.code for reason in door.reasons}
        rules = record.eligibility
        if rules and request_.status and rules.statuses:
            assert request_.status in rules.statuses
        if rules and request_.age is not None:
            assert (rules.min_age or 0) <= request_.age <= (120 if rules.max_age is None else rules.max_age)
        # The place's day is the moment's or the one before it.
        if record.full_until:
            assert record.full_until < today


@generous
@given(directories, requests)
def test_the_outcome_says_what_happened(records, request_):
    """Found or closed-now come with doors for the need; everything else comes without one."""
    found = ask(records, request_)
    serving = [door for door in found.doors if door.reasons[0].code == "serves_need"]
    if found.outcome == Found.FOUND:
        assert serving
    if serving:
        assert found.outcome in (Found.FOUND, Found.CLOSED_NOW)
    if found.outcome == Found.CLOSED_NOW and serving:
        assert all(door.opening.state is State.CLOSED for door in serving)
    if found.outcome in (Found.FULL, Found.NOT_FOR_THIS_PERSON):
        assert found.left_out
    assert not found.more or len(found.doors) == 3


@generous
@given(directories, requests)
def test_more_doors_come_by_skipping_and_end(records, request_):
    """Asking for more with the shown ones skipped shows every service once, and then no more of them."""
    shown: list[str] = []
    while True:
        found = ask(records, replace(request_, skip=tuple(shown)))
        fresh = [d.service_id for d in found.doors if d.reasons[0].code == "serves_need"]
        assert not set(fresh) & set(shown)
        if not fresh:
            break
        shown += fresh
        assert len(shown) <= len(records)
    assert len(shown) == len(set(shown))


@generous
@given(st.lists(services(), min_size=1, max_size=15, unique_by=lambda r: r.id), requests)
def test_everybody_not_offered_is_named_with_a_reason(records, request_):
    """With twenty or fewer candidates, each is a door, is in `left_out`, or waits behind `more`."""
    request_ = replace(request_, skip=())
    circles = dict(AROUND[request_.place].circles)
    wanted = {
        r.id for r in records if r.status == "active" and r.place in circles and request_.need in r.needs
    }
    found = ask(records, request_)
    named = {code for code, _ in found.left_out}
    serving = {d.service_id for d in found.doors if d.reasons[0].code == "serves_need"}
    assert named | serving <= wanted
    assert found.more or named | serving == wanted


def test_a_minor_is_not_sent_to_a_house_for_adults():
    """The adult house is left out with its age; the other one is offered."""
    records = [service("adults", eligibility={"min_age": 18}), service("all")]
    found = ask(records, replace(SHELTER, profile=("child",)))
    assert [door.service_id for door in found.doors] == ["all"]
    assert [(code, dict(reason.values)) for code, reason in found.left_out] == [
        ("adults", {"why": "min_age", "age": "18"})
    ]


def test_only_the_wrong_house_means_not_for_this_person_and_still_somewhere_to_go():
    """When every shelter is for others the outcome says so, and who can tell is offered."""
    records = [service("adults", eligibility={"min_age": 18}), service("guide", needs=["city.orientation"])]
    found = ask(records, replace(SHELTER, profile=("child",)))
    assert found.outcome == Found.NOT_FOR_THIS_PERSON
    assert [(d.service_id, d.reasons[0].code) for d in found.doors] == [("guide", "related_need")]


def test_a_family_is_not_a_child():
    """A mother with children is not kept from a house for adults with their children."""
    records = [service("women", eligibility={"min_age": 18, "profiles": ["woman"]})]
    assert ask(records, replace(SHELTER, profile=("woman", "family", "child"))).outcome == Found.FOUND


def test_full_until_and_including_the_day_and_not_a_day_longer():
    """Capacity expires by itself."""
    records = [service("full", full_until=DAY)]
    on_the_day = ask(records, replace(SHELTER, moment=datetime(2026, 11, 2, 20, tzinfo=UTC)))
    next_day = ask(records, replace(SHELTER, moment=datetime(2026, 11, 3, 20, tzinfo=UTC)))
    assert (on_the_day.outcome, next_day.outcome) == (Found.FULL, Found.FOUND)
    assert on_the_day.left_out[0][1].code == "full_until"


def test_a_closed_service_sends_people_elsewhere():
    """A temporary closure routes to the next service, and names the closed one."""
    records = [service("a", closures=[{"starts": "2026-11-10", "ends": "2026-11-17"}]), service("b")]
    found = ask(records, SHELTER)
    assert [door.service_id for door in found.doors] == ["b"]
    assert found.left_out[0][0] == "a"


def test_own_place_first_then_province_then_country():
    """Quito sees Pichincha and Ecuador after its own, and says so; São Paulo sees neither."""
    records = [
        service("n", place="ecuador"),
        service("p", place="pichincha"),
        service("q"),
        service("x", place="brazil"),
    ]
    found = ask(records, SHELTER)
    assert [door.service_id for door in found.doors] == ["q", "p", "n"]
    assert [door.reasons[1].code for door in found.doors[1:]] == ["same_province", "whole_country"]
    province = ask(records, replace(SHELTER, place="pichincha"))
    assert [door.service_id for door in province.doors] == ["p", "q", "n"]
    assert province.doors[1].reasons[1].code == "in_the_capital"
    assert [d.service_id for d in ask(records, replace(SHELTER, place="sao-paulo")).doors] == ["x"]


def test_nearest_of_equals_by_a_shared_position():
    """Between two alike, the nearer one comes first, with its distance."""
    records = [
        service("far", latitude=-0.3, longitude=-78.5, address="A"),
        service("near", latitude=-0.2, longitude=-78.5, address="B"),
    ]
    found = ask(records, replace(SHELTER, position=Position(-0.19, -78.49)))
    assert [door.service_id for door in found.doors] == ["near", "far"]
    expected = distance_km(-0.19, -78.49, -0.2, -78.5)
    assert {"km": f"{expected:.1f}"} in [dict(reason.values) for reason in found.doors[0].reasons]


def test_past_the_limit_of_its_check_a_service_says_call_first():
    """Old hours are not repeated as if they held; day and night stays."""
    old = service("old", assured_date="2019", opening_hours="Mo-Fr 08:00-17:00")
    line = service("line", assured_date="2019", opening_hours="24/7")
    found = {door.service_id: door for door in ask([old, line], SHELTER).doors}
    assert found["old"].opening.state is State.UNKNOWN
    assert found["line"].opening.always
    assert all("call_first" in {r.code for r in door.reasons} for door in found.values())


def test_all_closed_now_is_said_and_shown_with_the_next_opening():
    """At night the doors are shown, and the outcome says they are closed."""
    records = [service("office", opening_hours="Mo-Fr 08:00-17:00")]
    found = ask(records, replace(SHELTER, moment=datetime(2026, 11, 12, 4, tzinfo=UTC)))
    assert found.outcome == Found.CLOSED_NOW
    assert found.doors[0].opening.opens is not None


@pytest.mark.parametrize("place", ["quito", "pichincha", "sao-paulo", "san-luis"])
def test_with_the_seeds_every_need_in_every_place_leads_somewhere(place):
    """No need of the taxonomy is a dead end anywhere."""
    for need in LIBRARY.taxonomy.needs:
        for profile in ((), ("child", "alone"), ("woman", "family"), ("lgbti",), ("older", "disability")):
            found = route(Request(need, place, MOMENT, "es", profile), SEEDS, AROUND[place])
            assert found.doors, (need, profile)


def test_seed_doors_never_show_what_is_hidden():
    """The secret houses have no address, district or point in any language."""
    hidden = {r.id for r in read_seeds()[0] if r.hidden_address}
    assert "ec-svc-casa-mujer" in hidden
    for place in ("quito", "sao-paulo"):
        for need in (
            "shelter.temporary",
            "protection.gender_violence",
            "protection.lgbti",
            "protection.child",
        ):
            for door in route(Request(need, place, MOMENT, "pt"), SEEDS, AROUND[place]).doors:
                if door.service_id in hidden:
                    assert (door.address, door.district, door.latitude) == (None, None, None)
