"""Families before houses for adults, and the nearest thing beside who can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from content.loading import load_library
from referrals.directory import Directory, ListedSource
from referrals.doors import Doors, Found, Request
from referrals.loading import read_seeds
from referrals.records import ServiceRecord

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
PLACES = load_library().places
SEEDS = read_seeds()[0]


def service(number: int, need: str = "shelter.temporary", **more: object) -> ServiceRecord:
    """A house of Quito, checked this year, that can be called."""
    values = {
        "id": f"house-{number}", "name": f"Casa {number}", "organization": {"name": "Red", "kind": "ngo"},
        "place": "quito", "needs": [need], "phones": [f"+593 2 299 320{number}"], "assured_date": "2026-05-02",
        "source": {"title": "Red"}, "confidence": "high", **more,
    }  # fmt: skip
    return ServiceRecord.model_validate(values)


async def ask(records: tuple[ServiceRecord, ...], **more: object) -> Doors:
    """The doors for a shelter in Quito."""
    directory = Directory(ListedSource(records), PLACES, lambda: NOON)
    request = Request("shelter.temporary", "quito", NOON, "es")
    return await directory.doors(Request(**{**vars(request), **more}))  # type: ignore[arg-type]


async def everything(**more: object) -> list[str]:
    """Every shelter of the seeds in its order."""
    found: list[str] = []
    while True:
        page = await ask(SEEDS, skip=tuple(found), **more)
        if page.outcome != Found.FOUND and found:
            return found
        found += [door.service_id for door in page.doors]
        if not page.more:
            return found


@pytest.mark.parametrize("profile", [("family",), ("woman", "family"), ("family", "pregnant")])
async def test_a_mother_with_children_sees_houses_for_families_first(profile: tuple[str, ...]) -> None:
    """Casa del Hermano stands before the night shelter for adults, which stays in the list."""
    order = await everything(profile=profile)
    assert order.index("ec-svc-hermano") < order.index("ec-svc-hogar-calle")


async def test_an_adult_alone_is_still_sent_to_the_night_shelter() -> None:
    """Nothing changes for whom it is made."""
    order = await everything(profile=("alone",))
    assert order.index("ec-svc-hogar-calle") < order.index("ec-svc-hermano")


async def test_the_nearest_thing_stands_beside_who_can_tell() -> None:
    """With nothing for the need: what is related, and one place that knows more."""
    records = (
        service(1, "shelter.rent"), service(2, "shelter.rent"), service(3, "shelter.rent"), service(4, "city.orientation"),
    )  # fmt: skip
    found = await ask(records)
    assert found.outcome == Found.NONE_HERE
    assert [door.service_id for door in found.doors] == ["house-1", "house-2", "house-4"]
    assert {door.reasons[0].code for door in found.doors} == {"related_need"}
    [only] = (await ask((service(4, "city.orientation"),))).doors
    assert only.service_id == "house-4"


async def test_who_is_left_out_is_named_with_the_reason() -> None:
    """Adults only, another group, full and closed: each by its own reason."""
    records = (
        service(1, eligibility={"min_age": 18}), service(2, eligibility={"excluded_profiles": ["child"]}),
        service(3, full_until="2026-11-30"), service(4, closures=[{"starts": "2026-11-20"}]),
        service(5, schedule="first_n", first_n=20), service(6, hidden_address=True, address="Calle 6"),
    )  # fmt: skip
    found = await ask(records, profile=("child",))
    reasons = {
        code: (reason.code, reason.values.get("why") or reason.values.get("until"))
        for code, reason in found.left_out
    }
    assert reasons == {
        "house-1": ("not_for", "min_age"), "house-2": ("not_for", "excluded"), "house-3": ("full_until", "2026-11-30"),
        "house-4": ("closed_until", None),
    }  # fmt: skip
    told = {door.service_id: {reason.code for reason in door.reasons} for door in found.doors}
    assert "first_n" in told["house-5"]
    hidden = next(door for door in found.doors if door.service_id == "house-6")
    assert (hidden.address, hidden.latitude) == (None, None)


async def test_capacity_ends_by_itself() -> None:
    """Full until Monday: on Tuesday it is offered, and nobody did anything."""
    records = (service(1, full_until="2026-11-30"), service(2))
    for days, offered in ((0, 1), (3, 1), (4, 2)):
        assert len((await ask(records, moment=NOON + timedelta(days=days))).doors) == offered
