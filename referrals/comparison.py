"""Places beside each other: what each has for each need, checked when, and where the gaps are. Data for a page.

Counts of services alone, made by whoever holds the directory; nothing here is about people, and nothing is said of which
place is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Offer:
    """What a place has for a need. `services` stand in the place, `around` in its province or for its whole country.

    `checked`: of all of them, those somebody looked at within a year. `waiting`: full or closed today.
    """

    need: str
    services: int = 0
    around: int = 0
    checked: int = 0
    waiting: int = 0
    newest: date | None = None

    @property
    def gap(self) -> str | None:
        """Why somebody would leave with nothing sure: `none`, `all_waiting`, `unchecked`; None when there is no gap."""
        together = self.services + self.around
        if not together:
            return "none"
        if self.waiting == together:
            return "all_waiting"
        return None if self.checked else "unchecked"


@dataclass(frozen=True)
class PlaceRow:
    """One place with an offer for every need, in the order of the needs."""

    place: str
    offers: tuple[Offer, ...]

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """The needs with a gap, each with its reason."""
        return tuple((offer.need, offer.gap) for offer in self.offers if offer.gap)

    @property
    def services(self) -> int:
        """How many needs have at least one service here or around."""
        return sum(1 for offer in self.offers if offer.gap != "none")


@dataclass(frozen=True)
class Coverage:
    """What a place has for a sector: each service once, here or around; and the needs without any."""

    sector: str
    services: int
    checked: int
    missing: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every need has a service and every service was looked at within a year."""
        return not self.missing and self.checked == self.services
