"""Forms hold everything that real services have: what is shown and saved untouched is what was there."""

from __future__ import annotations

import pytest

from console.forms import Form, hours
from console.pages.editing import forms
from content.library import Library
from content.wording import wording
from referrals.loading import read_seeds


def test_hours_that_are_written_count_where_none_were_known() -> None:
    """Whoever writes a plan and does not touch "unknown" above it meant the plan; wrong times are told."""
    record = next(one for one in read_seeds()[0] if one.opening_hours is None)
    untouched = hours.typed(record)
    assert hours.read(dict(untouched), record, wording("es")).values["opening_hours"] is None
    written = {**untouched, "d0_from1": "9", "d0_to1": "13:30"}
    assert hours.read(written, record, wording("es")).values["opening_hours"].startswith("Mo 09:00-13:30")
    wrong = {**untouched, "d0_from1": "25:99", "d0_to1": "xx"}
    assert set(hours.read(wrong, record, wording("es")).errors) >= {"d0_from1", "d0_to1"}
    open_then = next(one for one in read_seeds()[0] if hours.typed(one)["kind"] == "weekly")
    closed_now = {**hours.typed(open_then), "kind": "unknown"}
    assert hours.read(closed_now, open_then, wording("es")).values["opening_hours"] is None


@pytest.mark.parametrize("form", list(forms().values()), ids=list(forms()))
def test_a_form_loses_nothing_of_any_seed(form: Form, library: Library) -> None:
    """Every service of the seeds goes through the form unchanged and without an error."""
    places = {code for place in library.places.all for code in (place.code, place.country)}
    seeds, _ = read_seeds(needs=library.taxonomy.needs, places=places)
    assert len(seeds) > 100
    w = wording("es")
    for record in seeds:
        outcome = form.read(form.typed(record), record, w)
        assert not outcome.errors, (record.id, outcome.errors)
        for name, value in outcome.values.items():
            before = getattr(record, name)
            same = sorted(value) == sorted(before) if name in ("needs", "languages") else value == before
            assert same, (record.id, name, before, value)
