"""Names of what was counted, in the reader's language. Joined codes are named one by one, so that nobody guesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from content.library import Library
from content.wording import N_, Wording
from demand.counts import EVERYWHERE
from demand.outcomes import Outcome
from demand.released import NO_FIGURE, NOT_SAFE, TOO_FEW, Grid, Release

SIMULATED = N_("Simulated figures: nobody asked this. They show how a report looks.")
EXACTNESS = N_(
    "Each published figure is within 3 of the truth. A number that adds several of them, as totals do, can be off by 3"
    " for each that it adds."
)
OUTCOMES = {
    Outcome.ANSWERED: N_("Answered"),
    Outcome.NO_SERVICE: N_("Answered, but no service was found"),
    Outcome.NO_CONTENT: N_("No checked information"),
    Outcome.ELSEWHERE: N_("Information for another place only"),
    Outcome.NOT_FOR_PERSON: N_("The services do not take this person"),
    Outcome.CLOSED: N_("The services were closed"),
    Outcome.FULL: N_("The services were full"),
    Outcome.NOT_UNDERSTOOD: N_("Not understood"),
    Outcome.OUT_OF_SCOPE: N_("Not about what this assistant knows"),
    Outcome.FAILURE: N_("A fault of the assistant"),
}
GRIDS = {
    Grid.SECTOR: N_("By sector"),
    Grid.NEED: N_("By need"),
    Grid.LANGUAGE: N_("By language"),
    Grid.OUTCOME: N_("How questions ended"),
    Grid.EVERYWHERE: N_("All places together, by need"),
    Grid.PROTECTION: N_("Protection"),
}
WITHHELD = {
    TOO_FEW: N_("Fewer than 50 people asked: the place is counted only in the figures for all places."),
    NO_FIGURE: N_("Too few people for a figure of its own."),
    NOT_SAFE: N_("The audit found that a small count could be worked out from it."),
}


class Labels:
    """Names of codes in one language."""

    def __init__(self, library: Library, words: Wording) -> None:
        self.library = library
        self.words = words

    def place(self, code: str) -> str:
        """The name of a place, or of all together."""
        if code == EVERYWHERE:
            return self.words("All places")
        return self.library.places.place(code).name(self.words.language)

    def figure(self, grid: Grid, codes: Sequence[str]) -> str:
        """What a figure counts; joined codes are all named."""
        return "; ".join(self.code(grid, code) for code in codes)

    def code(self, grid: Grid, code: str) -> str:
        """The name of one code."""
        taxonomy, language = self.library.taxonomy, self.words.language
        if grid in (Grid.NEED, Grid.EVERYWHERE):
            need = taxonomy.needs.get(code)
            return need.title(language) if need else self._gone(code)
        if grid is Grid.LANGUAGE:
            return next((one.name for one in self.library.languages if one.code == code), code)
        if grid is Grid.OUTCOME:
            return self.words(OUTCOMES[Outcome(code)])
        return taxonomy.sector_title(code, language) if code in taxonomy.sectors else self._gone(code)

    def _gone(self, code: str) -> str:
        """What was counted stays under its code when the list of needs no longer has it."""
        return self.words("{code} (no longer in the list)", code=code)

    def period(self, start: date, weeks: int) -> str:
        """First and last day."""
        last = start + timedelta(days=7 * weeks - 1)
        return self.words("{first} to {last}", first=self.words.date(start), last=self.words.date(last))

    def withheld(self, release: Release) -> str:
        """Why a release shows nothing."""
        key = release.withheld if release.withheld in WITHHELD else NOT_SAFE
        return self.words(WITHHELD[key or NOT_SAFE])
