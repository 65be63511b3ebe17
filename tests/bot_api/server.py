"""HTTP of the stand-in, on asyncio streams and h11, so that a connection can break wherever a test wants."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from email import message_from_bytes
from email.message import Message as EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from tests.bot_api.markup import Refused

if TYPE_CHECKING:
    from tests.bot_api.standin import BotApi


class Broken(Exception):  # noqa: N818 (it is what a test wants)
    """The connection is to break now."""


class Server:
    """Serves one stand-in on a free port."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._polls: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many are open, polls not counted. None is left when all that a killed bot had sent is done."""
        return len(self._connections - self._polls)

    async def start(self, port: int = 0) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close every connection."""
        if self._server:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (Broken, ConnectionError, h11.RemoteProtocolError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        while True:
            request, body = await _receive(connection, reader)
            if request is None:
                return
            await self._answer(connection, reader, writer, request, body)
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()

    async def _answer(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: h11.Request,
        body: bytes,
    ) -> None:
        token, method = _target(request)
        await asyncio.sleep(self.api.faults.delay())
        fault = self.api.faults.draw(method)
        if fault == "reset_before":
            _reset(writer)
        if fault == "server_error":
            status, payload = 502, b"<html>502 Bad Gateway</html>"
        else:
            status, payload = await self._known(token, method, _parameters(request, body))
        if fault == "reset_after":
            _reset(writer)
        if fault == "not_json":
            payload = b"<html>please log in to this network</html>"
        _write(connection, writer, status, payload, half=fault == "half_answer")
        await writer.drain()
        if fault == "half_answer":
            raise Broken

    async def _known(self, token: str, method: str, parameters: dict[str, str]) -> tuple[int, bytes]:
        task = asyncio.current_task()
        assert task is not None
        if method == "getUpdates":
            self._polls.add(task)
        try:
            return await self._call(token, method, parameters)
        finally:
            self._polls.discard(task)

    async def _call(self, token: str, method: str, parameters: dict[str, str]) -> tuple[int, bytes]:
        started = self.api.clock.now()
        try:
            self.api.check_token(token)
            answer: dict[str, Any] = {"ok": True, "result": await self.api.methods.call(method, parameters)}
            code = 200
        except Refused as refused:
            code = refused.code
            answer = {"ok": False, "error_code": code, "description": refused.description}
            if refused.retry_after:
                answer["parameters"] = {"retry_after": refused.retry_after}
        self.api.note(method, parameters, code, started)
        return code, json.dumps(answer).encode()


async def _receive(
    connection: h11.Connection, reader: asyncio.StreamReader
) -> tuple[h11.Request | None, bytes]:
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return request, bytes(body)
        else:
            return None, b""


def _target(request: h11.Request) -> tuple[str, str]:
    path = unquote(urlsplit(request.target.decode("ascii", "replace")).path)
    parts = path.strip("/").split("/")
    return (
        (parts[0].removeprefix("bot"), parts[1])
        if len(parts) == 2 and parts[0].startswith("bot")
        else ("", "")
    )


def _parameters(request: h11.Request, body: bytes) -> dict[str, str]:
    query = urlsplit(request.target.decode("ascii", "replace")).query
    given = dict(parse_qsl(query, keep_blank_values=True))
    kind = next((value for name, value in request.headers if name == b"content-type"), b"").decode()
    if kind.startswith("application/json"):
        fields = json.loads(body or b"{}")
        return given | {
            key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()
        }
    if kind.startswith("multipart/form-data"):
        return given | _parts(kind, body)
    return given | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """Fields of a form with files; the bytes of a file as Latin-1, so that nothing of them is lost."""
    whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in whole.get_payload():
        assert isinstance(part, EmailMessage)
        name = str(part.get_param("name", header="content-disposition"))
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        found[name] = raw.decode("latin-1" if part.get_filename() else "utf-8")
    # `attach://name` stands for the file of that name, as at Telegram.
    return {
        name: found.get(value.removeprefix("attach://"), value) if value.startswith("attach://") else value
        for name, value in found.items()
    }


def _write(
    connection: h11.Connection, writer: asyncio.StreamWriter, status: int, payload: bytes, *, half: bool
) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))]
    raw = connection.send(h11.Response(status_code=status, headers=headers))
    assert raw is not None
    if half:
        writer.write(raw + payload[: len(payload) // 2])
        return
    raw += connection.send(h11.Data(data=payload)) or b""
    writer.write(raw + (connection.send(h11.EndOfMessage()) or b""))


def _reset(writer: asyncio.StreamWriter) -> None:
    # Linger 0 makes the kernel send RST instead of FIN.
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise Broken
