"""The codes of each table, also while the content changes: what can be asked for now, and what could be when it was
counted, so that nothing counted is lost because its need, its sector or its place is gone.

Pure. Which codes are found does not depend on what anybody asked: the ledger counts those that nobody asked for as 0.
A code that is gone keeps its sector and its place in line, for both are read from the code itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from content.places import Place
from content.taxonomy import Taxonomy
from demand.counts import EVERYWHERE, Counts, Kind, no_counts
from demand.lines import Cells, in_line, line_of
from demand.outcomes import Outcome

# The closed list of languages; anything else is let go, for it could be a person's words. Halves of periods are kept in
# this order: a new language goes to the end, and none is moved.
LANGUAGES = ("es", "pt", "en", "fr", "ht")
OUTCOMES = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.EMERGENCY)
_BY_SECTOR = (Kind.NEED, Kind.EVERYWHERE)
_MET = {"answered": "met", "not_understood": "not read", "out_of_scope": "not read", "failure": "not read"}


def countable(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """The needs that are counted on their own, by sector; protection is one figure and not among them."""
    return {
        sector: tuple(need.code for need in taxonomy.needs_of(sector) if not need.sensitive)
        for sector in taxonomy.sectors
        if sector != "protection" and taxonomy.needs_of(sector)
    }


def sector_of(need: str) -> str:
    """The sector of a need, of one that is gone too."""
    return need.partition(".")[0]


def line(kind: Kind, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes in the order in which they may join: it is the same whatever else is in the list."""
    if kind in _BY_SECTOR:
        return line_of(set(codes))
    first = {language: number for number, language in enumerate(LANGUAGES)}
    return tuple(sorted(set(codes), key=lambda code: (first.get(code, len(first)), code)))


def parent_of(kind: Kind) -> Callable[[str], str]:
    """What a code joins within, where it can."""
    if kind in _BY_SECTOR:
        return sector_of
    return _outcome_parent if kind is Kind.OUTCOME else lambda _: "all"


def _outcome_parent(code: str) -> str:
    return _MET.get(code, "unmet")


class Codes:
    """The codes of each kind by a taxonomy, with those that were found in what was counted."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        sectors = countable(taxonomy)
        needs = [need for members in sectors.values() for need in members]
        self._sensitive = frozenset(taxonomy.needs) - frozenset(needs)
        self._now: dict[Kind, Iterable[str]] = {
            Kind.NEED: needs,
            Kind.EVERYWHERE: needs,
            Kind.SECTOR: sectors,
            Kind.LANGUAGE: LANGUAGES,
            Kind.OUTCOME: OUTCOMES,
            Kind.PROTECTION: (Kind.PROTECTION.value,),
            Kind.ASKERS: (EVERYWHERE,),
            Kind.HOURS: (EVERYWHERE,),
        }

    def of(self, kind: Kind, found: Iterable[str] = ()) -> tuple[str, ...]:
        """The codes of a table in line: those of now and those found."""
        return line(kind, [*self._now[kind], *found])

    def covered(self, cells: Cells, codes: Sequence[str]) -> Cells:
        """The cells, those joined with a neighbour in which nothing but needs that are sensitive by now was counted."""
        runs: list[tuple[str, ...]] = []
        counts: list[int] = []
        for cell in in_line(cells, codes):
            if runs and (self._sensitive.issuperset(cell) or self._sensitive.issuperset(runs[-1])):
                runs[-1] += cell
                counts[-1] += cells[cell]
            else:
                runs.append(cell)
                counts.append(cells[cell])
        return dict(zip(runs, counts, strict=True))

    def asked_by_nobody(self, places: Iterable[Place]) -> Counts:
        """A count of 0 for what could be asked for in some places: kept beside the counts, it says what was in the list."""
        counts = no_counts()
        for place in places:
            for kind in (Kind.NEED, Kind.SECTOR):
                counts[kind].update({(place.code, code): 0 for code in self.of(kind)})
        counts[Kind.EVERYWHERE].update({(EVERYWHERE, code): 0 for code in self.of(Kind.EVERYWHERE)})
        return counts
