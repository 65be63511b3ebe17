"""Names that are alike: the quick way finds what comparing every name with every other finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from console.likeness import ALIKE, Names

WORDS = st.sampled_from(
    (
        "casa",
        "casas",
        "comedor",
        "comedo",
        "san",
        "juan",
        "juana",
        "1",
        "2",
        "defensoria",
        "del",
        "pueblo",
        "-",
        "",
    )
)
NAMES = st.lists(WORDS, max_size=6).map(" ".join) | st.text("abce 1", max_size=12)
MANY = st.dictionaries(st.integers(0, 400).map(lambda n: f"s-{n}"), NAMES, max_size=40)


def by_hand(names: dict[str, str]) -> list[tuple[str, str]]:
    """Each name with the three later ones most like it."""
    codes, made = sorted(names), []
    for at, code in enumerate(codes):
        rest = [names[other] for other in codes[at + 1 :]]
        near = process.extract(names[code], rest, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=3)
        made += [(code, codes[at + 1 + other]) for _, _, other in near]
    return made


@given(st.lists(MANY, min_size=1, max_size=4), st.integers(1, 60))
def test_alike_names_are_those_that_comparing_all_of_them_finds(
    states: list[dict[str, str]], enough: int
) -> None:
    """In the same order, also when names come, go and change between two looks."""
    known = Names()
    for names in states:
        found, wanted = known.alike(names, enough), by_hand(names)
        assert found == wanted[: len(found)]
        assert len(found) >= min(enough, len(wanted))


@given(MANY, st.data())
def test_what_was_compared_before_is_right_after_one_name_changed(
    names: dict[str, str], data: st.DataObject
) -> None:
    """A name that was put in, taken away or changed is found, and nothing else is lost."""
    known = Names()
    known.alike(names, 1_000)
    code = data.draw(st.sampled_from(sorted(names) or ["s-0"]))
    changed = data.draw(st.sampled_from([{**names, code: data.draw(NAMES)}, {**names, "s-500": names.get(code, "")},
                                         {one: name for one, name in names.items() if one != code}]))  # fmt: skip
    assert known.alike(changed, 1_000) == by_hand(changed)
