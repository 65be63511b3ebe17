"""Forms hold everything that real services have: what is shown and saved untouched is what was there."""

from __future__ import annotations

import pytest

from console.forms import Form
from console.pages.editing import forms
from content.library import Library
from content.wording import wording
from referrals.loading import read_seeds


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
