"""What the pages of the console work with, handed in by whoever builds it. Nothing is built or opened here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from console.checking import Checker
from console.keys import Keys
from console.pace import PER_ACCOUNT, PER_SESSION, Allowance, Pace
from console.passwords import Passwords
from content.library import Library
from content.wording import Wording
from referrals.database import Sessions
from referrals.directory import Directory
from referrals.doors import Door


class ChatLink(Protocol):
    """A chat that somebody linked, or the code with which they may, until when."""

    @property
    def linked(self) -> datetime | None:
        """Since when the chat is linked."""
        ...

    @property
    def code_expires(self) -> datetime | None:
        """Until when a code waits."""
        ...


class ChatLinks(Protocol):
    """The chats of those who work here, by e-mail. The console never sees a chat."""

    async def new_code(self, email: str, places: Collection[str], role: str) -> str:
        """A code, good once and for a day, to be written to the bot."""
        ...

    async def of(self, email: str) -> ChatLink | None:
        """Somebody's link."""
        ...

    async def change(self, email: str, places: Collection[str], role: str) -> None:
        """Let a link follow its account."""
        ...

    async def unlink(self, email: str) -> bool:
        """End somebody's link."""
        ...


SayDoor = Callable[[Door, Wording, datetime, str], str]


@dataclass(frozen=True)
class ConsoleDependencies:
    """Everything the console needs. `say_door` gives the bot's own text of a door; `demand_url` its released figures.

    `chats` links chats; without it no page offers to. `directory` is told to look again after a change. `https` says that people reach us so; `hosts` are the names
    we answer to (`*`: any). What `earlier_secrets` closed is opened still.
    """

    sessions: Sessions
    library: Callable[[], Library]
    directory: Directory
    clock: Callable[[], datetime]
    secret: bytes
    say_door: SayDoor
    demand_url: str | None = None
    https: bool = False
    hosts: tuple[str, ...] = ("*",)
    passwords: Passwords = field(default_factory=Passwords)
    chats: ChatLinks | None = None
    per_session: Allowance = PER_SESSION
    per_account: Allowance = PER_ACCOUNT
    earlier_secrets: tuple[bytes, ...] = ()


class Desk:
    """The dependencies with what is made of them once."""

    def __init__(self, given: ConsoleDependencies) -> None:
        from console.jobs import Jobs
        from console.keeping import Slowing
        from console.pairs import Pairs
        from console.refusals import Refusals
        from console.remembering import Remembered

        self.given = given
        self.sessions = given.sessions
        self.passwords = given.passwords
        self.keys = Keys(given.secret, given.earlier_secrets)
        self.jobs = Jobs()
        self.refusals = Refusals()
        self.remembered = Remembered()
        self.pairs = Pairs(self.remembered)
        self.checker = Checker(given.sessions, self.keys, self.now)
        self.slowing = Slowing(Pace(given.per_session), Pace(given.per_account))

    @property
    def library(self) -> Library:
        """The content as it is now."""
        return self.given.library()

    def moment(self) -> datetime:
        """This moment."""
        return self.given.clock()

    def now(self) -> int:
        """This moment in seconds."""
        return int(self.given.clock().timestamp())

    @property
    def every_place(self) -> tuple[str, ...]:
        """Every place and country that a service can belong to."""
        places = self.library.places.all
        return tuple(dict.fromkeys([*(p.code for p in places), *(p.country for p in places)]))

    def place_name(self, code: str, w: Wording) -> str:
        """The name of a place, or of a country as a whole."""
        if code in self.library.places:
            return self.library.places.place(code).name(w.language)
        country = next((p.country_code for p in self.library.places.all if p.country == code), "")
        name = str(w.locale.territories.get(country, code))
        return w("{country}, whole country", country=name)

    def cookie(self, name: str) -> str:
        """The cookie's name; over https no other host can set it."""
        return f"__Host-{name}" if self.given.https else name
