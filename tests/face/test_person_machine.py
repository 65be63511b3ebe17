"""Person × bot × Telegram × restart: whatever happens in whatever order, everybody is answered, in order.

The model is a list: what a person sent while not having blocked the bot has to be echoed, once or (after a crash or a
lost answer) more often, in the order it was sent.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.face import TelegramFace
from bot.face.tempo import Tempo
from tests.bot_api import BotApi, Faults
from tests.face.bots import FREE, EchoTurn, settings_for

T = TypeVar("T")
WHO = st.integers(0, 2)


class PersonMachine(RuleBasedStateMachine):
    """Three people, one bot that may stop, crash and meet a broken line."""

    tempo: Tempo = FREE

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.api = BotApi(flood=False)
        self.run(self.api.__aenter__())
        self.people = [self.api.person() for _ in range(3)]
        self.expected: list[list[str]] = [[], [], []]
        self.number = 0
        self.bot: asyncio.Task[None] | None = None
        self.stop = asyncio.Event()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let things happen until `work` is done."""
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        """The bot starts."""
        self.start()

    def start(self) -> None:
        """A new process, as far as one can tell from outside."""

        async def begin() -> None:
            self.stop = asyncio.Event()
            face = TelegramFace(settings_for(self.api, self.folder), EchoTurn(), self.tempo)
            self.bot = asyncio.create_task(face.serve(self.stop))

        self.run(begin())

    @rule(who=WHO, times=st.integers(1, 4))
    def write(self, who: int, times: int) -> None:
        """Somebody writes."""
        for _ in range(times):
            self.number += 1
            self.run(self.people[who].writes(str(self.number)))
            self._expect(who, f"echo {self.number}")

    @rule(who=WHO)
    def press_anything(self, who: int) -> None:
        """Somebody presses a button that is long gone."""
        self.number += 1
        self.people[who].presses_data(f"old {self.number}")
        self._expect(who, f"button old {self.number}")

    @rule(who=WHO)
    def send_a_photo(self, who: int) -> None:
        """Somebody sends a picture."""
        self.run(self.people[who].sends_photo())
        self._expect(who, "other photo")

    @rule(who=WHO)
    def block_and_come_back(self, who: int) -> None:
        """Somebody blocks the bot after reading everything, and comes back."""
        self.settle()
        self.run(self.people[who].blocks())
        self.run(self.people[who].waits_until_taken())
        self.run(self.people[who].unblocks())

    @rule(seconds=st.floats(0, 0.1))
    def time_passes(self, seconds: float) -> None:
        """A moment."""
        self.run(asyncio.sleep(seconds))

    @rule(fault=st.sampled_from(["reset_before", "reset_after", "half_answer", "server_error", "not_json"]))
    def line_breaks(self, fault: Any) -> None:
        """The next call fails in one of five ways."""
        self.api.faults = Faults(next=[fault])

    @rule(graceful=st.booleans())
    def restart(self, graceful: bool) -> None:
        """The process stops as asked, or in the middle of everything."""

        async def end() -> None:
            assert self.bot
            if graceful:
                self.stop.set()
            else:
                self.bot.cancel()
            await asyncio.wait_for(asyncio.gather(self.bot, return_exceptions=True), 15)

        self.run(end())
        self.start()

    def settle(self) -> None:
        """Everything that was sent is answered, in order."""

        async def wait() -> None:
            async with asyncio.timeout(30):
                await self.api.until(lambda: not self.api.updates.waiting)

        self.run(wait())
        for person, expected in zip(self.people, self.expected, strict=True):
            said = [message.text for message in person.visible]
            assert _in_order(expected, said), (expected, said)
            assert set(said) <= set(expected)

    def teardown(self) -> None:
        """The end of a story: nobody waits."""
        try:
            self.settle()
        finally:
            self.run(self._close())
            self.loop.close()
            shutil.rmtree(self.folder)

    async def _close(self) -> None:
        self.stop.set()
        if self.bot:
            await asyncio.wait_for(asyncio.gather(self.bot, return_exceptions=True), 15)
        await self.api.__aexit__(None, None, None)
        await self.loop.shutdown_default_executor()

    def _expect(self, who: int, text: str) -> None:
        self.expected[who].append(text)


def _in_order(expected: list[str], said: list[str]) -> bool:
    """Whether `said` holds `expected` in this order, repeats between allowed."""
    rest = iter(said)
    return all(text in rest for text in expected)


@pytest.mark.timeout(280)
def test_everybody_is_answered() -> None:
    """Stories of up to fifteen happenings."""
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        PersonMachine,
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
