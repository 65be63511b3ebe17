"""A caseworker's work on a service: hours, telephones, still correct, closure, history, undo."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console import records
from console.hours import from_osm, to_osm
from content.wording import wording
from referrals.records import LANGUAGES
from referrals.tables import Change, Service
from referrals.weeks import Spans, Week, are_plain, in_words
from tests.console.rig import Rig, submit

AT = "/console/services/svc-quito"
TIMES = st.integers(0, 95).map(lambda n: f"{n // 4:02d}:{n % 4 * 15:02d}")


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    """None, one or two spans in order."""
    count = draw(st.sampled_from([0, 2, 4]))
    times = sorted(draw(st.lists(TIMES, min_size=count, max_size=count, unique=True)))
    return tuple((times[at], times[at + 1]) for at in range(0, count, 2))


WEEKS = st.builds(
    Week,
    st.tuples(*[spans()] * 7),
    st.none() | spans(),
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)), spans().map(lambda s: s[:1])), max_size=3
    ).map(tuple),
)


@given(WEEKS)
def test_a_week_comes_back_from_its_opening_hours(week: Week) -> None:
    """What the form writes, the form can show again, and in every language it can be said."""
    assert from_osm(to_osm(week)) == week
    for code in LANGUAGES:
        assert in_words(week, wording(code)).endswith(".")
    assert are_plain({"es": in_words(week, wording("es"))}, week)


async def _now(rig: Rig, code: str = "svc-quito") -> records.ServiceRecord:
    async with rig.sessions.reading() as reading:
        found = await records.one(reading, code, {"quito"})
    assert found is not None
    return found


async def test_hours_are_corrected_with_a_lunch_break_and_said_back(rig: Rig) -> None:
    """The new plan is stored as opening hours, shown in words, and the bot's text is beside it."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    page = await client.get(f"{AT}/edit/hours")
    assert 'value="13:00"' in page.text
    typed = {"d0_from1": "9", "d0_to1": "12.30", "d0_from2": "14:00", "d0_to2": "18:00", "same": "yes"}
    looked = await submit(client, f"{AT}/edit/hours", {**typed, "look": "yes"})
    assert "Not saved yet" in looked.text
    assert (await _now(rig)).opening_hours == "Mo-Fr 08:00-12:00,13:00-17:00; PH off"
    answer = await submit(client, f"{AT}/edit/hours", typed)
    assert answer.status_code == 303
    now = await _now(rig)
    assert now.opening_hours == "Mo-Fr 09:00-12:30,14:00-18:00; PH off"
    assert now.hours is not None
    assert set(now.hours) == set(LANGUAGES)
    shown = await client.get(answer.headers["location"])
    assert "Saved." in shown.text
    assert "09:00" in shown.text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"d0_from1": "25:00"}, "d0_from1"), ({"d0_to1": ""}, "d0_to1"), ({"d0_to1": "07:00"}, "d0_to1"),
        ({"d0_from2": "11:00"}, "d0_from2"), ({"x0_day": "tomorrow"}, "x0_day"),
        ({"schedule": "first_n", "first_n": "many"}, "first_n"), ({"kind": "other", "osm": "at eight"}, "osm"),
    ],
)  # fmt: skip
async def test_a_mistake_in_the_hours_is_named_at_its_field_and_nothing_typed_is_lost(
    rig: Rig, typed: dict[str, str], name: str
) -> None:
    """Nothing is stored, and the form comes back as it was filled in."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    before = await _now(rig)
    answer = await submit(client, f"{AT}/edit/hours", {**typed, "d6_from1": "10:00", "d6_to1": "11:15"})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert 'value="11:15"' in answer.text
    assert await _now(rig) == before


async def test_hours_written_from_the_plan_are_said_in_every_language(rig: Rig) -> None:
    """Whoever reads Creole or French reads the new hours, not those of before."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    await submit(client, f"{AT}/edit/hours", {"d0_from1": "09:00", "same": "yes", "words": "plan"})
    hours = (await _now(rig)).hours
    assert hours is not None
    assert hours["fr"].startswith("Lundi à vendredi : 09:00 à")
    assert hours["ht"].startswith("Lendi rive vandredi: 09:00 rive")


async def test_a_translation_goes_when_the_words_it_translates_change(rig: Rig) -> None:
    """A Creole text that nobody mended with the Spanish one is taken out; mended with it, it stays."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    await submit(client, f"{AT}/edit/about", {"note_es": "Pase por atrás.", "note_ht": "Pase dèyè."})
    assert (await _now(rig)).note == {"es": "Pase por atrás.", "ht": "Pase dèyè."}
    await submit(client, f"{AT}/edit/about", {"note_es": "Pase por delante."})
    assert (await _now(rig)).note == {"es": "Pase por delante."}
    await submit(client, f"{AT}/edit/about", {"note_es": "Pase por el lado.", "note_ht": "Pase sou kote."})
    assert (await _now(rig)).note == {"es": "Pase por el lado.", "ht": "Pase sou kote."}


async def test_own_words_that_still_tell_the_old_hours_stop_the_save(rig: Rig) -> None:
    """The plan and the words beside it may not contradict each other unnoticed."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    await submit(client, f"{AT}/edit/hours", {"words": "own", "hours_es": "De 8 a 5, con pausa"})
    answer = await submit(client, f"{AT}/edit/hours", {"d0_from1": "10:00"})
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text


@pytest.mark.parametrize(
    ("number", "good"),
    [("+593 2 299 3200", True), ("171", True), ("1800 123 456", True), ("02 299 3200 ext. 5", True),
     ("99999999999", False), ("call me", False)],
)  # fmt: skip
async def test_telephones_are_those_of_the_country(rig: Rig, number: str, good: bool) -> None:
    """A number nobody can dial is not kept; short and freephone numbers are."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    answer = await submit(client, f"{AT}/edit/contact", {"phones": number})
    assert answer.status_code == (303 if good else 422)


async def test_every_form_saves_untouched_without_changing_anything(rig: Rig) -> None:
    """Opening a form and saving it is not a change."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    before = await _now(rig)
    for form in ("contact", "people", "papers"):
        answer = await submit(client, f"{AT}/edit/{form}", {})
        assert answer.headers["location"].endswith("done=same"), form
    assert await _now(rig) == before


async def test_papers_say_what_to_do_without_them_and_who_is_attended_is_data(rig: Rig) -> None:
    """Papers, ages, statuses and a secret address reach the record."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    await submit(client, f"{AT}/edit/papers", {"paper0_es": "Cédula", "without0_es": "Venga igual"})
    await submit(client, f"{AT}/edit/people", {"min_age": "18", "statuses": "refugee", "profiles": "woman"})
    await submit(client, f"{AT}/edit/contact", {"address": "Calle Secreta 1", "hidden_address": "yes"})
    wrong = await submit(client, f"{AT}/edit/people", {"min_age": "80", "max_age": "18"})
    assert wrong.status_code == 422
    now = await _now(rig)
    assert now.documents[0].without == {"es": "Venga igual"}
    assert now.eligibility is not None
    assert (now.eligibility.min_age, now.eligibility.statuses, now.eligibility.profiles) == (
        18,
        ("refugee",),
        ("woman",),
    )
    page = await client.get(AT)
    assert page.text.count("Calle Secreta 1") == 1


async def test_one_tap_says_still_correct_and_one_takes_it_back(rig: Rig) -> None:
    """The day of the check is today's; undo brings the old one back; both stand in the history."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    answer = await submit(client, f"{AT}/still-correct", {}, page=AT)
    assert (await _now(rig)).assured_date == "2026-11-28"
    change = answer.headers["location"].rsplit("=", 1)[1]
    shown = answer.headers["location"]
    await submit(client, f"/console/changes/{change}/undo", {}, page=shown)
    assert (await _now(rig)).assured_date == "2025-01"
    history = await client.get(f"{AT}/history")
    assert history.text.count("ana@example.org ·") == 2
    async with rig.sessions.reading() as reading:
        changes = (await reading.execute(select(Change))).scalars().all()
        edited = (await reading.execute(select(Service.edited).where(Service.id == "svc-quito"))).scalar_one()
    assert [(one.field, one.who) for one in changes] == [("assured_date", "ana@example.org")] * 2
    assert edited


async def test_undo_leaves_later_changes_alone_and_refuses_to_overwrite_them(rig: Rig) -> None:
    """A change of another field stays; a later change of the same field must be undone first."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    first = await submit(client, f"{AT}/edit/contact", {"name": "Casa Uno"})
    await submit(client, f"{AT}/edit/contact", {"district": "La Mariscal"})
    number = first.headers["location"].rsplit("=", 1)[1]
    await submit(client, f"/console/changes/{number}/undo", {}, page=f"{AT}/history")
    now = await _now(rig)
    assert (now.name, now.district) == ("Casa svc-quito", "La Mariscal")
    second = await submit(client, f"{AT}/edit/contact", {"name": "Casa Dos"})
    await submit(client, f"{AT}/edit/contact", {"name": "Casa Tres"})
    number = second.headers["location"].rsplit("=", 1)[1]
    refused = await submit(client, f"/console/changes/{number}/undo", {}, page=f"{AT}/history")
    assert "since=name" in refused.headers["location"]
    assert (await _now(rig)).name == "Casa Tres"


async def test_two_who_edit_at_once_do_not_overwrite_each_other(rig: Rig) -> None:
    """The slower one is told, and what was typed is still there."""
    ana, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    bea, _ = await rig.person("bea@example.org", "caseworker", ["quito"])
    from tests.console.rig import fields_of

    slow = fields_of((await ana.get(f"{AT}/edit/contact")).text)
    await submit(bea, f"{AT}/edit/contact", {"name": "Casa de Bea"})
    answer = await ana.post(f"{AT}/edit/contact", data={**slow, "name": "Casa de Ana"})
    assert answer.status_code == 422
    assert "Casa de Ana" in answer.text
    assert (await _now(rig)).name == "Casa de Bea"


async def test_closed_and_full_are_said_and_end(rig: Rig) -> None:
    """A closure and a full house are shown, expire by themselves, and can be taken back."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    wrong = await submit(client, f"{AT}/closure", {"starts": "2026-12-02", "ends": "2026-12-01"}, page=AT)
    assert wrong.status_code == 422
    await submit(client, f"{AT}/closure", {"starts": "2026-11-28", "ends": "2026-12-01"}, page=AT)
    await submit(client, f"{AT}/full", {"full_until": "2026-11-30"}, page=AT)
    assert "Casa svc-quito" in (await client.get("/console/services?state=closed")).text
    assert "Casa svc-quito" in (await client.get("/console/services?state=full")).text
    rig.clock.move(days=1)
    await submit(client, "/console/sign-in", {})
    async with rig.sessions.reading() as reading:
        now = await records.one(reading, "svc-quito", {"quito"})
    assert now is not None
    assert now.closures[0].ends == date(2026, 12, 1)


async def test_a_service_is_added_and_taken_off_the_list(rig: Rig) -> None:
    """It needs a name, a place of one's own, somebody who runs it, and a need."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    typed = {
        "name": "Comedor Sol",
        "place": "quito",
        "organization_name": "Parroquia",
        "organization_kind": "church",
    }
    assert (await submit(client, "/console/add", {**typed, "place": "sao-paulo"})).status_code == 422
    answer = await submit(client, "/console/add", {**typed, "needs": "food.meals"})
    if answer.status_code == 422:
        need = next(iter(rig.library.taxonomy.needs))
        answer = await submit(client, "/console/add", {**typed, "needs": need})
    assert answer.status_code == 303
    path = answer.headers["location"].split("?")[0]
    await submit(client, f"{path}/listed", {}, page=path)
    assert "Comedor Sol" in (await client.get("/console/services?state=inactive")).text
