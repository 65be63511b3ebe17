"""The way to Telegram: what breaks on it has a name that the rest of the face relies on, and never shows the token."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from telegram.error import NetworkError, TimedOut

from bot.face.transport import BrokenOff, Transport, proxy_for, wakeful_socket
from tests.bot_api import BotApi, Faults
from tests.bot_api.standin import TOKEN

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextlib.asynccontextmanager
async def opened(address: str, connections: int = 2, seconds: float = 1.0) -> AsyncIterator[Transport]:
    """A transport, closed at the end."""
    transport = Transport(address, connections, seconds, pool_seconds=seconds)
    await transport.initialize()
    try:
        yield transport
    finally:
        await transport.shutdown()


@contextlib.asynccontextmanager
async def listening(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says the same to everybody; its address and what it was asked. Nothing said: it only listens."""
    asked: list[bytes] = []
    served: list[asyncio.Task[None]] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(answer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()
        for task in served:
            task.cancel()
        await asyncio.gather(*served)


async def test_an_answer_that_broke_off_is_known_to_have_been_done() -> None:
    """Half of "all is well" names the message, if that far was read; half of a refusal or of a page says nothing."""
    for body, number in (
        (b'{"ok":true,"result":{"message_id":77,"from":{"id":1,"is_', 77),
        (b'{"ok": true, "result": {"message_id": 7', None),
    ):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        async with listening(head + body) as (address, _), opened(address) as transport:
            with pytest.raises(BrokenOff) as raised:
                await transport.do_request(f"{address}/bot{TOKEN}/sendMessage", "POST")
            assert raised.value.message_id == number
    for page in (b'{"ok":false,"error_code":4', b"<html>"):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page)
        async with listening(head + page) as (address, _), opened(address) as transport:
            assert await transport.do_request(f"{address}/bot{TOKEN}/sendMessage", "POST") == (200, page)


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "half_answer"])
async def test_a_broken_line_is_a_network_error_without_the_token(fault: str) -> None:
    """Resets and half answers are the library's NetworkError; nothing of its traceback holds the token."""
    async with BotApi(faults=Faults(**{fault: 1.0})) as api, opened(api.url) as transport:
        with pytest.raises(NetworkError) as raised:
            await transport.do_request(f"{api.url}/bot{TOKEN}/getMe", "POST")
        assert TOKEN not in "".join(traceback.format_exception(raised.value))


async def test_nobody_there_is_a_network_error_without_the_token() -> None:
    """A refused connection and a name that does not exist."""
    for address in ("http://127.0.0.1:9", "http://telegram.invalid"):
        async with opened(address) as transport:
            with pytest.raises(NetworkError) as raised:
                await transport.do_request(f"{address}/bot{TOKEN}/getMe", "POST")
            assert TOKEN not in "".join(traceback.format_exception(raised.value))


def test_a_line_that_died_is_noticed_while_nothing_is_said() -> None:
    """The system asks the other end after two seconds of silence, not after two hours."""
    with wakeful_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 1))) as made:
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", 0))
        assert made.getsockopt(socket.IPPROTO_TCP, idle) <= 3


async def test_a_server_that_is_silent_is_timed_out() -> None:
    """A server that never answers, and one that trickles: both end."""
    for answer in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"):
        async with listening(answer) as (address, _), opened(address, seconds=0.2) as transport:
            with pytest.raises(TimedOut):
                await transport.do_request(f"{address}/bot{TOKEN}/getMe", "POST")


async def test_who_finds_no_connection_free_waits_and_is_then_timed_out() -> None:
    """One connection that is taken: the second request waits for it as long as it may."""
    async with listening(b"") as (address, _), opened(address, 1, 0.3) as transport:
        first = asyncio.create_task(transport.do_request(f"{address}/a", "POST", read_timeout=8))
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut):
            await transport.do_request(f"{address}/b", "POST", connect_timeout=0.1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_nobody_is_sent_elsewhere() -> None:
    """A redirect is not followed: what a person reads goes to the address in the settings and nowhere else."""
    async with listening(OK) as (elsewhere, asked):
        redirect = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        async with listening(redirect) as (address, _), opened(address) as transport:
            status, _ = await transport.do_request(f"{address}/bot{TOKEN}/getMe", "POST")
        assert status == 307
        assert not asked


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """With HTTP_PROXY the request goes there, with its password; with NO_PROXY it does not."""
    async with listening(OK) as (proxy, asked):
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv("http_proxy", proxy.replace("http://", "http://luz:secret@"))
        async with opened("http://telegram.invalid") as transport:
            assert await transport.do_request("http://telegram.invalid/getMe", "POST") == (200, b"ok")
        assert b"http://telegram.invalid/getMe" in asked[0]
        assert b"Proxy-Authorization: Basic bHV6OnNlY3JldA==" in asked[0]
        monkeypatch.setenv("no_proxy", "telegram.invalid")
        assert proxy_for("http://telegram.invalid") is None
