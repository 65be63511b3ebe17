"""Coordinators are told of refusals and of money asked for: in the morning, once, of whole days, of nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.linked import Links
from bot.notices import Notices
from console.migrations import upgrade as upgrade_console
from content.loading import load_library
from content.wording import wording
from referrals.database import Sessions, connect
from referrals.loading import load_seeds, read_seeds
from referrals.migrations import upgrade
from referrals.outcomes import Outcomes

PLACES = load_library().places
# Nine in the morning in Quito.
NINE = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
HOUSE, CHAT, EVA = "ec-svc-hermano", 987654321012, "eva@example.org"


class World:
    """A directory with a linked coordinator, and a clock."""

    def __init__(self, sessions: Sessions) -> None:
        self.now = NINE
        self.outcomes = Outcomes(sessions, PLACES)
        self.links = Links(sessions, b"k" * 32, lambda: self.now)
        self.notices = Notices(self.links, self.outcomes, PLACES, lambda: self.now)

    async def link(self, email: str, role: str, place: str, chat: int) -> None:
        """Somebody links a chat."""
        assert await self.links.link(await self.links.new_code(email, [place], role), chat)

    async def brought(self) -> list[str]:
        """The texts of what is due now, brought."""
        due = await self.notices.due()
        return [one.reply.text for one in due if await self.notices.take(one) and one.reply]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A stocked directory."""
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    await asyncio.to_thread(upgrade_console, url)
    sessions = Sessions(connect(url))
    await load_seeds(sessions, read_seeds()[0])
    made = World(sessions)
    await made.link(EVA, "coordinator", "quito", CHAT)
    yield made
    await sessions.close()


async def test_it_comes_the_morning_after_and_once(world: World) -> None:
    """Not on the same day, not before eight, not twice; the next day's reports come the day after."""
    w = wording("es")
    await world.outcomes.record(HOUSE, "asked_for_money", world.now)
    assert await world.brought() == []
    world.now += timedelta(hours=22)
    assert await world.notices.due() == (), "at seven in the morning nobody is woken"
    world.now += timedelta(hours=1)
    [text] = await world.brought()
    assert w("They asked for money") in text
    assert "Hermano" in text
    assert await world.brought() == []
    await world.outcomes.record(HOUSE, "refused", world.now)
    await world.outcomes.record(HOUSE, "refused", world.now)
    world.now += timedelta(days=3)
    [text] = await world.brought()
    assert w("They refused me") in text
    assert "2" in text
    assert w("They asked for money") not in text


async def test_only_coordinators_of_the_place_are_told_and_only_of_these_two(world: World) -> None:
    """A caseworker and a coordinator of another place read nothing; other reports are no matter for a notice."""
    await world.link("luz@example.org", "caseworker", "quito", CHAT + 1)
    await world.link("sol@example.org", "coordinator", "san-luis", CHAT + 2)
    await world.outcomes.record(HOUSE, "refused", world.now)
    await world.outcomes.record("ec-svc-hias", "full", world.now)
    world.now += timedelta(days=1)
    due = [one for one in await world.notices.due() if one.reply]
    assert [(one.email, one.chat) for one in due] == [(EVA, CHAT)]
    assert str(CHAT) not in repr(due)
    reply = due[0].reply
    assert reply is not None
    assert "HIAS" not in reply.text


async def test_what_a_caseworker_looked_at_is_not_told_any_more(world: World) -> None:
    """Looked at before the morning: nothing to coordinate."""
    await world.outcomes.record(HOUSE, "refused", world.now)
    await world.outcomes.reviewed(HOUSE)
    world.now += timedelta(days=1)
    assert await world.brought() == []


async def test_of_two_processes_one_brings_it_and_what_failed_is_due_again(world: World) -> None:
    """Whoever takes it first; given back, it comes again."""
    await world.outcomes.record(HOUSE, "refused", world.now)
    world.now += timedelta(days=1)
    [first], [second] = await world.notices.due(), await world.notices.due()
    assert await world.notices.take(first)
    assert not await world.notices.take(second)
    await world.notices.give_back(first)
    assert len(await world.brought()) == 1
    assert date(2026, 11, 28) == first.day
