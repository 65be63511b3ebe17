"""The Telegram face as a whole: starts, receives, stops gracefully. Called by the wiring, wires nothing itself.

It starts though Telegram is down, and goes on when it comes back. It stops at once for one reason: a token that
Telegram does not know.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from starlette.routing import Route
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.face.bot import build_bot
from bot.face.chats import Chats
from bot.face.commands import set_commands
from bot.face.handling import Handler
from bot.face.leadership import Leadership, leadership_for
from bot.face.ledger import Ledger, Store
from bot.face.limiter import seconds_of
from bot.face.linking import ChatLinks
from bot.face.noticing import keep_telling
from bot.face.numbers_sqlite import SqliteStore
from bot.face.receiving import Receiver
from bot.face.sending import Counts, Sender
from bot.face.tempo import Tempo
from bot.face.updates import ALLOWED
from bot.face.webhook import PATH, Webhook
from bot.logs import get_log
from bot.notices import Notices
from bot.settings import Settings
from bot.turn import Turn

_log = get_log("bot.face")


class WrongToken(Exception):  # noqa: N818 (its sentence is for the operator)
    """Telegram does not know the token. The message says what to do and does not repeat the token."""

    def __init__(self) -> None:
        super().__init__(
            "ORIENTA_TELEGRAM_TOKEN: Telegram does not know this token. Copy it again from @BotFather;"
            " with a server of your own, check ORIENTA_TELEGRAM_API_URL too."
        )


class TelegramFace:
    """One bot. Build it once; mount `routes()` if updates come by webhook; run `serve`."""

    def __init__(
        self, settings: Settings, turn: Turn, tempo: Tempo | None = None, links: ChatLinks | None = None,
        notices: Notices | None = None,
    ) -> None:  # fmt: skip
        if settings.telegram_token is None:
            raise ValueError("ORIENTA_TELEGRAM_TOKEN is not set")
        token = settings.telegram_token.get_secret_value()
        self._settings = settings
        self._turn = turn
        self._links = links
        self._notices = notices
        self._tempo = tempo or Tempo()
        self._bot = build_bot(token, settings.telegram_api_url, self._tempo)
        self._chats = Chats()
        self.counts = Counts()
        self._sender = Sender(self._bot, self._chats, self._tempo, self.counts)
        self._receiver: Receiver | None = None
        self._bot_id = token.partition(":")[0]
        self._ledger: Ledger | None = None
        self._webhook: Webhook | None = None
        self._took_webhook = False
        if settings.telegram_mode == "webhook":
            self._ledger = Ledger(_webhook_store(settings, self._bot_id))
            secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
            handler = self._handler(self._ledger)
            self._webhook = Webhook(handler, secret, self._tempo, self.counts)

    @property
    def receiving(self) -> bool:
        """Whether updates arrive at this process now; a standby's do not."""
        return self._took_webhook or (self._receiver is not None and self._receiver.receiving)

    def routes(self) -> list[Route]:
        """What has to be mounted for a webhook; nothing when polling."""
        return [self._webhook.route()] if self._webhook else []

    async def serve(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, then end gracefully. WrongToken when the token is not known."""
        try:
            async with _Starting(stop) as starting:
                if self._webhook:
                    await self._serve_webhook(self._webhook, stop, starting)
                else:
                    await self._serve_polling(stop, starting)
        except InvalidToken:
            raise WrongToken from None
        finally:
            await _quietly(self._bot.shutdown())
            if self._ledger:
                await self._ledger.close()

    async def _serve_polling(self, stop: asyncio.Event, starting: _Starting) -> None:
        leadership = leadership_for(
            self._settings.directory_database, self._settings.data_dir, self._bot_id, self._tempo
        )
        await starting.until_it_works(self._bot.initialize)
        try:
            while not stop.is_set():
                store = await starting.unless_stopped(leadership.acquire())
                if store is not None:
                    await self._receive(leadership, store, stop, starting)
                await leadership.release()
        finally:
            await leadership.release()

    async def _receive(
        self, leadership: Leadership, store: Store, stop: asyncio.Event, starting: _Starting
    ) -> None:
        await starting.until_it_works(lambda: self._bot.delete_webhook(drop_pending_updates=False))
        if not stop.is_set():
            await self._lead(leadership, store, stop)

    async def _lead(self, leadership: Leadership, store: Store, stop: asyncio.Event) -> None:
        """Receive until stopped or until another process leads."""
        ledger = Ledger(store)
        receiver = Receiver(self._bot, self._handler(ledger), self._tempo, self.counts, leadership.conflict)
        self._receiver = receiver
        beside = self._beside()
        halt = asyncio.Event()
        watchers = [asyncio.create_task(_chain(event, halt)) for event in (stop, leadership.lost)]
        try:
            await receiver.run(halt)
        finally:
            await _ended(*watchers, *beside)
            graceful = stop.is_set() and not leadership.lost.is_set()
            await receiver.stop(seconds=self._tempo.stop if graceful else 0, confirm=graceful)
            await ledger.close()

    async def _serve_webhook(self, webhook: Webhook, stop: asyncio.Event, starting: _Starting) -> None:
        await starting.until_it_works(self._bot.initialize)
        secret = self._settings.webhook_secret
        await starting.until_it_works(
            lambda: self._bot.set_webhook(
                self._settings.public_url + PATH,
                secret_token=secret.get_secret_value() if secret else "",
                allowed_updates=list(ALLOWED),
                drop_pending_updates=False,
            )
        )
        self._took_webhook = True
        beside = self._beside()
        await stop.wait()
        self._took_webhook = False
        await _ended(*beside)
        await webhook.stop(self._tempo.stop)

    def _beside(self) -> list[asyncio.Task[Any]]:
        """What runs beside the receiving of updates."""
        work: list[Coroutine[Any, Any, Any]] = [set_commands(self._bot)]
        if self._notices:
            work.append(keep_telling(self._notices, self._sender, self._tempo.notices))
        return [asyncio.create_task(one) for one in work]

    def _handler(self, ledger: Ledger) -> Handler:
        return Handler(self._turn, self._sender, ledger, self._chats, self._tempo, self.counts, self._links)


class _Starting:
    """Waits for things that may take long, and lets go when the stop comes."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    async def __aenter__(self) -> _Starting:
        self._stopped = asyncio.create_task(self._stop.wait())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopped.cancel()

    async def unless_stopped(self, work: Awaitable[Any]) -> Any:
        """The result of `work`; None when the stop came first."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, self._stopped}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until_it_works(self, call: Callable[[], Awaitable[Any]]) -> None:
        """Call until Telegram answers; InvalidToken alone passes."""
        pause = 0.5
        while not self._stop.is_set():
            try:
                await self.unless_stopped(call())
                return
            except InvalidToken:
                raise
            except TelegramError as error:
                _log.warning("telegram is not reachable yet", error=type(error).__name__)
                wait = seconds_of(error) if isinstance(error, RetryAfter) else pause * random.uniform(0.5, 1)  # noqa: S311
            await self.unless_stopped(asyncio.sleep(wait))
            pause = min(30, pause * 2)


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _webhook_store(settings: Settings, bot_id: str) -> Store:
    """Where a webhook's ledger is kept: with PostgreSQL several processes may serve it."""
    if settings.directory_database.startswith("postgresql"):
        from bot.face.sharing import SharedStore  # its driver is slow to load

        return SharedStore(settings.directory_database, bot_id)
    return SqliteStore(settings.data_dir / "telegram.sqlite3")


async def _chain(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()


async def _quietly(work: Awaitable[Any]) -> None:
    try:
        await work
    except (TelegramError, RuntimeError) as error:
        _log.warning("closing failed", error=type(error).__name__)


async def serve(settings: Settings, turn: Turn, stop_event: asyncio.Event) -> None:
    """Serve Telegram by polling until `stop_event` is set."""
    await TelegramFace(settings, turn).serve(stop_event)
