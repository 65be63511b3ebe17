"""What a linked coordinator reads in the morning: that somebody asked for money, or refused people, and where.

Once a day and for whole days that are over, so that no notice can be matched with the person who told it. It holds
the service, what was told and how often, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.linked import Overseer
from bot.replies import Reply
from bot.turn.telling import TOLD
from content.places import Place, Places
from content.wording import wording
from referrals.outcomes import Trouble

MORNING = 8
_LOOK_BACK = timedelta(days=1)


class OverseerLinks(Protocol):
    """Which coordinators linked a chat, and what they have been told."""

    async def overseers(self) -> Sequence[Overseer]:
        """Everybody who is to be told."""
        ...

    async def take_told(self, email: str, day: date) -> bool:
        """Somebody is told everything until a day, by whoever asks first."""
        ...

    async def give_told_back(self, email: str, day: date | None) -> None:
        """It was not told after all."""
        ...


class Reports(Protocol):
    """What people told of services."""

    async def told_between(self, after: date, until: date, places: Collection[str]) -> Sequence[Trouble]:
        """Reports for coordinators of the days after one day until another."""
        ...


@dataclass(frozen=True)
class Notice:
    """One message for one chat, and until which day it tells."""

    email: str
    day: date
    before: date | None
    reply: Reply | None
    chat: int = field(repr=False)


class Notices:
    """The notices that are due."""

    def __init__(
        self, links: OverseerLinks, reports: Reports, places: Places, clock: Callable[[], datetime]
    ) -> None:
        self._links = links
        self._reports = reports
        self._places = places
        self._clock = clock

    async def due(self) -> tuple[Notice, ...]:
        """From eight in the morning, for everybody who has not been told of yesterday; an empty day has no message."""
        made = [await self._notice(one) for one in await self._links.overseers()]
        return tuple(one for one in made if one is not None)

    async def take(self, notice: Notice) -> bool:
        """Whether this process is the one to bring it: of several, one is."""
        return await self._links.take_told(notice.email, notice.day)

    async def give_back(self, notice: Notice) -> None:
        """It could not be brought and is due again."""
        await self._links.give_told_back(notice.email, notice.before)

    async def _notice(self, one: Overseer) -> Notice | None:
        place = self._place(one.places)
        if place is None:
            return None
        now = self._clock().astimezone(ZoneInfo(place.time_zone))
        yesterday = now.date() - timedelta(days=1)
        if now.hour < MORNING or (one.told is not None and one.told >= yesterday):
            return None
        after = one.told or yesterday - _LOOK_BACK
        troubles = await self._reports.told_between(after, yesterday, one.places)
        reply = notice_of(troubles, place.languages[0]) if troubles else None
        return Notice(one.email, yesterday, one.told, reply, one.chat)

    def _place(self, codes: Collection[str]) -> Place | None:
        """The first of somebody's places, by whose clock and in whose language they are told."""
        return next((place for place in self._places.all if {place.code, place.country} & set(codes)), None)


def notice_of(troubles: Sequence[Trouble], language: str) -> Reply:
    """The message for reports, in a language."""
    w, said = wording(language), dict(TOLD)
    lines = [w("# People told of this in your places")]
    lines += [
        w.plural(
            "{service}: “{said}”, {count} time",
            "{service}: “{said}”, {count} times",
            one.count,
            service=one.name,
            said=w(said[one.kind]),
        )
        for one in troubles
    ]
    lines.append(w("Nobody is named, and nobody can be. What was told is in the console, under To review."))
    return Reply(text="\n".join(lines), language=language)
