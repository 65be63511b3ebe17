"""Takes one update from its arrival to its answer, whatever fails on the way.

Each update is begun in the ledger before anything else and finished after its answer was sent. What fails twice is
skipped on the third attempt, with an apology; so is what kills the process. Nobody waits longer than a few seconds without a word.
"""

from __future__ import annotations

import asyncio
import contextlib

from bot.conversation.events import CommandGiven, Event, Left, SomethingElseSent, TextSaid
from bot.face.chats import Chats
from bot.face.ledger import Ledger
from bot.face.linking import ChatLinks, forget_link, linking_reply, with_caseworker
from bot.face.sending import Blocked, Counts, Sender
from bot.face.tempo import Tempo
from bot.face.updates import Taken
from bot.logs import describe, get_log
from bot.replies import Reply
from bot.turn import Turn
from content.wording import N_, wording

_log = get_log("bot.face.handling")
_ATTEMPTS = 3
_DEATHS = 3  # once among others, then twice alone
APOLOGY = N_(
    "I am sorry: something in this system failed and I could not answer. Please write it again in other words,"
    " or choose /menu. If you are in danger now, call the emergency number."
)
PATIENCE = N_("One moment, please. I am looking for it.")
GROUP = N_("Please write to me in a private chat. I do not answer in groups, to protect you.")
TOO_MANY = N_(
    "Many messages came at once. I read only the last one; please send the others again, one by one."
)


class Handler:
    """Handles updates of one bot."""

    def __init__(
        self,
        turn: Turn,
        sender: Sender,
        ledger: Ledger,
        chats: Chats,
        tempo: Tempo,
        counts: Counts,
        links: ChatLinks | None = None,
    ) -> None:
        self._turn = turn
        self._sender = sender
        self._ledger = ledger
        self._chats = chats
        self._tempo = tempo
        self._counts = counts
        self._links = links
        self._alone = asyncio.Lock()

    async def handle(self, taken: Taken) -> None:
        """Answer an update, once. Returns when it needs no more attention; only cancelling breaks it off."""
        attempt = await self._ledger.begin(taken.update_id)
        if attempt > 1:
            # It was being handled when a process died, beside up to 31 others. Not counted again before it is tried
            # alone: so the one that kills a process is told from those that were only there.
            self._ledger.give_back(taken.update_id)
            async with self._alone:
                await self._see_through(taken, await self._ledger.begin(taken.update_id))
        else:
            await self._see_through(taken, attempt)

    async def _see_through(self, taken: Taken, attempt: int) -> None:
        if attempt == 0:
            self._counts.repeated += 1
            return
        try:
            await self._handle(taken, died=attempt - 1)
        except asyncio.CancelledError:
            # Broken off by a stop: the update stays at Telegram and comes again.
            self._ledger.give_back(taken.update_id)
            raise
        self._ledger.finish(taken.update_id)

    async def set_aside(self, taken: Taken, *, tell: bool) -> None:
        """One message too many of one chat: not answered, and the person knows if `tell`. A button stops waiting."""
        if await self._ledger.begin(taken.update_id) == 0:
            return
        self._counts.set_aside += 1
        if taken.query_id:
            await self._sender.answer_press(taken.query_id)
        if tell and taken.private:
            with contextlib.suppress(Exception):
                await self._sender.say(taken.chat, self._words(taken, TOO_MANY))
        self._ledger.finish(taken.update_id)

    async def _handle(self, taken: Taken, died: int) -> None:
        self._counts.taken += 1
        if self._says_nothing_new(taken):
            return
        pressed = asyncio.create_task(self._sender.answer_press(taken.query_id)) if taken.query_id else None
        try:
            await self._attempts(taken, died)
        finally:
            if pressed:
                await pressed

    def _says_nothing_new(self, taken: Taken) -> bool:
        """A second picture of one album, or a message called edited whose words are the same. Looked at once, before
        any attempt: what is tried again is no repetition."""
        if not taken.private:
            return False
        if isinstance(taken.event, TextSaid | CommandGiven):
            words = " ".join(
                (taken.event.text,)
                if isinstance(taken.event, TextSaid)
                else (taken.event.name, taken.event.argument)
            )
            return self._chats.is_said_before(taken.chat, taken.message_id or 0, words) and taken.edited
        same = self._chats.is_of_same_album(taken.chat, taken.album)
        return same and isinstance(taken.event, SomethingElseSent)

    async def _attempts(self, taken: Taken, died: int) -> None:
        """Two attempts, then an apology; at once if processes died of it."""
        for attempt in range(1, _ATTEMPTS) if died < _DEATHS else ():
            try:
                await self._answer(taken)
            except Blocked:
                await self._forget(taken)
                return
            except Exception as error:
                self._counts.failed += 1
                _log.error("an update failed", attempt=attempt, exception=describe(error))
            else:
                return
            await asyncio.sleep(self._tempo.between_attempts)
        await self._skip(taken)

    async def _answer(self, taken: Taken) -> None:
        if taken.message_id is not None and taken.private:
            self._chats.note(taken.chat, taken.message_id)
        if not taken.private:
            await self._tell_group(taken)
        elif isinstance(taken.event, Left):
            await self._forget(taken)
        elif taken.event is not None:
            replies = await self._replies(taken.event, taken)
            await self._sender.send(taken.chat, replies)
            if taken.message_id is not None and any(reply.unsay for reply in replies):
                await self._sender.unsay(taken.chat, taken.message_id)

    async def _replies(self, event: Event, taken: Taken) -> list[Reply]:
        """The turn's replies, told which caseworker writes if the chat is linked; or those about linking itself."""
        if self._links is not None:
            language = self._chats.language(taken.chat, taken.hint)
            if reply := await linking_reply(self._links, event, taken.chat, language):
                return [reply]
            event = await with_caseworker(self._links, event, taken.chat)
        return await self._take(event, taken)

    async def _take(self, event: Event, taken: Taken) -> list[Reply]:
        """Run the turn under its deadline; say a word when it takes long."""
        said: list[asyncio.Task[None]] = []
        saying = asyncio.get_running_loop().call_later(
            self._tempo.patience, lambda: said.append(asyncio.create_task(self._say_patience(taken)))
        )
        try:
            async with asyncio.timeout(self._tempo.update):
                return await self._turn.take(event, self._chats.person(taken.chat))
        finally:
            saying.cancel()
            # The word must not come after the answer.
            await asyncio.gather(*said)

    async def _say_patience(self, taken: Taken) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._tempo.patience):
                await self._sender.say(taken.chat, self._words(taken, PATIENCE))

    async def _tell_group(self, taken: Taken) -> None:
        quiet = taken.notice or isinstance(taken.event, Left)
        if not quiet and self._chats.may_tell_group(taken.chat):
            await self._sender.say(taken.chat, self._words(taken, GROUP))
        self._chats.forget(taken.chat)

    async def _forget(self, taken: Taken) -> None:
        if taken.private:
            await self._turn.take(Left(), self._chats.person(taken.chat))
            if self._links is not None:
                await forget_link(self._links, taken.chat)
        self._chats.forget(taken.chat)

    async def _skip(self, taken: Taken) -> None:
        self._counts.skipped += 1
        _log.error("an update was skipped after failing twice", count=self._counts.skipped)
        with contextlib.suppress(Exception):
            if taken.private and taken.event is not None:
                await self._sender.say(taken.chat, self._words(taken, APOLOGY))

    def _words(self, taken: Taken, sentence: str) -> str:
        return wording(self._chats.language(taken.chat, taken.hint))(sentence)
