"""What stands at the edge in these tests: an engine that reads by a list, a directory of one street, what was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.buttons import Buttons
from bot.conversation.events import ButtonPressed, Event, TextSaid
from bot.replies import Reply
from bot.sessions import Sessions
from bot.turn import Turn
from bot.turn.house import House
from content.library import Library
from demand.outcomes import Happening
from nlu.reading import Candidate, Context, Entities, NotUnderstood, Reading, Understood
from referrals.doors import Door, Doors, Found, Opening, Phone, Reason, Request, State

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def understood(
    label: str, language: str | None = "es", place: str | None = None, **more: object
) -> Understood:
    """A sure reading."""
    reading = Understood(
        label=label, confidence=0.95, language=language, entities=Entities(place=place),
        candidates=(Candidate(label, 0.95),),
    )  # fmt: skip
    return replace(reading, **more)  # type: ignore[arg-type]


@dataclass
class ListedReadings:
    """Reads the sentences it was given, and nothing else."""

    readings: Mapping[str, Reading]
    asked: list[Context] = field(default_factory=list)

    async def read(self, text: str, context: Context) -> Reading:
        self.asked.append(context)
        return self.readings.get(text, NotUnderstood())


class BrokenEngine:
    """An engine that raises, which it should never do."""

    async def read(self, text: str, context: Context) -> Reading:
        raise RuntimeError(f"cannot read {text}")


def door(number: int, place: str = "quito", **more: object) -> Door:
    """One door of the street."""
    made = Door(
        service_id=f"service-{number}",
        name=f"Casa {number}",
        organization="HIAS",
        opening=Opening(State.OPEN, until=None),
        address=f"Calle {number}",
        phones=(Phone(f"+593 2 299 320{number}", f"tel:+5932299320{number}"),),
        checked=date(2026, 5, 2),
        reasons=(Reason("serves_need"), Reason("open_now")),
        place=place,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@dataclass
class Street:
    """A directory whose doors serve every need."""

    everything: Sequence[Door] = tuple(door(number) for number in range(1, 6))
    outcome: str = Found.FOUND
    requests: list[Request] = field(default_factory=list)

    async def doors(self, request: Request, limit: int = 3) -> Doors:
        self.requests.append(request)
        left = [door for door in self.everything if door.service_id not in request.skip]
        outcome = self.outcome if left else Found.NONE_HERE
        return Doors(tuple(left[:limit]), more=len(left) > limit, outcome=outcome)

    async def service(
        self, service_id: str, language: str = "es", place: str | None = None, moment: datetime | None = None
    ) -> Door | None:
        return next((door for door in self.everything if door.service_id == service_id), None)

    async def away(
        self, service_ids: Sequence[str], place: str, moment: datetime
    ) -> Sequence[tuple[str, Reason]]:
        return ()

    async def search(self, words: str, place: str, language: str) -> Sequence[Door]:
        return [door for door in self.everything if door.name.lower() in words.lower()]


class BrokenDirectory:
    """A directory whose database is away."""

    async def doors(self, request: Request, limit: int = 3) -> Doors:
        raise OSError("database is away")

    async def service(
        self, service_id: str, language: str = "es", place: str | None = None, moment: datetime | None = None
    ) -> Door | None:
        raise OSError("database is away")

    async def away(
        self, service_ids: Sequence[str], place: str, moment: datetime
    ) -> Sequence[tuple[str, Reason]]:
        raise OSError("database is away")

    async def search(self, words: str, place: str, language: str) -> Sequence[Door]:
        raise OSError("database is away")


@dataclass
class Counted:
    """Every happening that was handed over."""

    happenings: list[Happening] = field(default_factory=list)

    def count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        self.happenings.append(happening)


@dataclass
class Told:
    """Every outcome of a door that was handed over."""

    outcomes: list[tuple[str, str]] = field(default_factory=list)

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        self.outcomes.append((service_id, outcome))


@dataclass
class Talk:
    """One person talking: say, press, and look at what came back."""

    turn: Turn
    counted: Counted
    told: Told
    sessions: Sessions
    person: bytes = b"somebody"
    last: list[Reply] = field(default_factory=list)

    async def do(self, event: Event) -> list[Reply]:
        self.last = await self.turn.take(event, self.person)
        return self.last

    async def say(self, text: str, **more: str) -> list[Reply]:
        return await self.do(TextSaid(text, **more))

    async def press(self, label: str) -> list[Reply]:
        buttons = {button.label: button for reply in self.last for button in reply.buttons}
        return await self.do(ButtonPressed(buttons[label].data))

    @property
    def text(self) -> str:
        return "\n\n".join(reply.text for reply in self.last)

    @property
    def labels(self) -> list[str]:
        return [button.label for reply in self.last for button in reply.buttons]


def codes_of(library: Library) -> list[str]:
    """Every code that a button may name."""
    places = [place.code for place in library.places.all]
    return [*library.taxonomy.needs, *places, *(language.code for language in library.languages)]


def talk(
    library: Library,
    readings: Mapping[str, Reading] | None = None,
    *,
    interpreter: object = None,
    directory: object = None,
    clock: Callable[[], datetime] = lambda: NOON,
) -> Talk:
    """A whole turn with doubles at its edges."""
    counted, told, sessions = Counted(), Told(), Sessions(clock)
    house = House(
        interpreter=interpreter or ListedReadings(readings or {}),  # type: ignore[arg-type]
        library=lambda: library,
        directory=directory or Street(),  # type: ignore[arg-type]
        counter=counted,
        recorder=told,
        buttons=Buttons(b"k" * 32, codes_of(library)),
        clock=clock,
    )
    return Talk(Turn(house, sessions), counted, told, sessions)
