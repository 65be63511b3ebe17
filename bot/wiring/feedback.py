"""Opens what closes the loop between person, desk and directory. A terminal has none of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.wiring import clock
from bot.wiring.ground import Ground

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.linked import Links
    from bot.notices import Notices
    from console.in_chat import ChatProof
    from referrals.corrections import Corrections
    from referrals.outcomes import Outcomes
    from referrals.slips import Slips
    from referrals.upkeep import Upkeep


class NothingRecorded:
    """Keeps no outcome of a door: for the terminal, where the one who writes tries the assistant out."""

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        """Let it go."""


@dataclass(frozen=True)
class Feedback:
    """What people, desks and linked caseworkers say of services."""

    outcomes: Outcomes
    corrections: Corrections
    slips: Slips
    upkeep: Upkeep
    links: Links
    notices: Notices
    proof: ChatProof


def build_feedback(ground: Ground) -> Feedback:
    """All of it, in the directory's database."""
    from bot.linked import Links
    from bot.notices import Notices
    from console import records
    from console.in_chat import ChatProof
    from console.keys import Keys
    from referrals.corrections import Corrections
    from referrals.outcomes import Outcomes
    from referrals.slips import Slips
    from referrals.upkeep import Upkeep

    sessions, places = ground.sessions, ground.library().places
    keys, outcomes = ground.keys, Outcomes(sessions, places)
    links = Links(sessions, keys.present, clock.now, earlier=keys.earlier)
    return Feedback(
        outcomes,
        Corrections(sessions, places),
        Slips(sessions, places, keys.present, keys.earlier),
        Upkeep(sessions, places, outcomes, remember=records.changed_in_chat),
        links,
        Notices(links, outcomes, places, clock.now),
        ChatProof(sessions, Keys(keys.present, keys.earlier), clock.now),
    )


def desk_routes(loop: Feedback, ground: Ground) -> list[Route]:
    """The page where desks mark slips."""
    from bot.web.desk import Desk

    return Desk(loop.slips, ground.directory, ground.library, clock.now).routes()
