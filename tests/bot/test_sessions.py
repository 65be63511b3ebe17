"""Sessions: a day at most, in memory alone, forgotten on demand."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.memory import Memory
from bot.sessions import Sessions
from tests.bot.doubles import NOON


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_a_memory_is_gone_after_a_day_without_a_word() -> None:
    """
    Each word begins the day anew; a day of silence ends it.
    """
    clock = Hands()
    sessions = Sessions(clock)
    sessions.keep(b"a", Memory(place="quito"))
    clock.now += timedelta(hours=23)
    sessions.keep(b"a", sessions.remembered(b"a"))
    clock.now += timedelta(hours=23)
    assert sessions.remembered(b"a").place == "quito"
    clock.now += timedelta(hours=2)
    assert sessions.remembered(b"a") == Memory()
    assert len(sessions) == 0


def test_forgetting_is_immediate_and_may_be_repeated() -> None:
    """
    Nothing is left, and others keep theirs.
    """
    sessions = Sessions(Hands())
    sessions.keep(b"a", Memory(place="quito"))
    sessions.keep(b"b", Memory(place="san-luis"))
    sessions.forget(b"a")
    sessions.forget(b"a")
    assert sessions.remembered(b"a") == Memory()
    assert sessions.remembered(b"b").place == "san-luis"


def test_the_number_of_memories_is_bounded() -> None:
    """
    A flood of visitors costs the longest idle their comfort, not the machine its memory.
    """
    sessions = Sessions(Hands(), most=10)
    for number in range(100):
        sessions.keep(b"%d" % number, Memory(place="quito"))
    assert len(sessions) == 10
    assert sessions.remembered(b"99").place == "quito"


def test_who_writes_cannot_be_read_from_the_memory() -> None:
    """
    Neither the keys nor anything else in it is the face's key of a person.
    """
    sessions = Sessions(Hands())
    sessions.keep(b"telegram:123456789", Memory(place="quito"))
    assert "123456789" not in repr(vars(sessions))
