"""Order inside a chat, no order between chats: one lane for each chat, so many moving at once, nobody held up.

A chat that floods the bot holds up itself alone: what is too much is set aside, and the person is told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.conversation.events import ButtonPressed, Event
from bot.face.handling import Handler
from bot.face.ledger import Elsewhere, NotLeading
from bot.face.tempo import Tempo
from bot.face.updates import Taken
from bot.logs import describe, get_log

_log = get_log("bot.face.lanes")


@dataclass
class _Lane:
    waiting: deque[Taken] = field(default_factory=deque)
    flooded: bool = False
    last: Event | None = None  # what was answered while the next one waited already
    task: asyncio.Task[None] | None = None


class Lanes:
    """Hands updates to the handler: in order in each chat, up to `chats_at_once` side by side."""

    def __init__(
        self,
        handler: Handler,
        tempo: Tempo,
        on_done: Callable[[int], None],
        on_elsewhere: Callable[[int], None] | None = None,
    ) -> None:
        self._handler = handler
        self._tempo = tempo
        self._on_done = on_done
        self._on_elsewhere = on_elsewhere or on_done
        self._lanes: dict[int, _Lane] = {}
        self._room = asyncio.Semaphore(tempo.chats_at_once)
        self._stopping = False

    def put(self, taken: Taken) -> None:
        """Take an update; `on_done` is called when it needs no more attention, `on_elsewhere` when another has it."""
        lane = self._lanes.setdefault(taken.chat, _Lane())
        lane.waiting.append(taken)
        if lane.task is None:
            lane.task = asyncio.create_task(self._run(taken.chat, lane))

    async def stop(self, seconds: float) -> None:
        """Begin nothing more; give what runs so many seconds, then break it off."""
        self._stopping = True
        running = {lane.task for lane in self._lanes.values() if lane.task}
        if running:
            _, late = await asyncio.wait(running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, chat: int, lane: _Lane) -> None:
        while lane.waiting and not self._stopping:
            async with self._room:
                if self._stopping:
                    break
                await self._one(lane)
        self._lanes.pop(chat, None)

    async def _one(self, lane: _Lane) -> None:
        """The oldest of a lane is handled; while more wait than a person writes, the newest of them are not."""
        taken = lane.waiting.popleft()
        too_many = len(lane.waiting) >= self._tempo.waiting_per_chat
        try:
            if isinstance(taken.event, ButtonPressed) and taken.event == lane.last:
                # Pressed again before the answer could be seen: one answer is enough.
                await self._handler.set_aside(taken, tell=False)
            elif too_many or (lane.flooded and lane.waiting):
                await self._handler.set_aside(taken, tell=not lane.flooded)
                lane.flooded = True
            else:
                lane.flooded = False
                await self._handler.handle(taken)
                lane.last = taken.event
        except NotLeading:
            self._stopping = True
            return
        except Elsewhere:
            self._on_elsewhere(taken.update_id)
            return
        except Exception as error:
            # The handler answers for every failure it knows; what comes here must not stop the lane.
            _log.error("handling broke", exception=describe(error))
        self._on_done(taken.update_id)
