"""HTTP to Telegram by aiohttp: the library's own client costs several times the work for each message.

What goes wrong on the way becomes the library's NetworkError or TimedOut, named by its kind alone: the address holds
the token, so no text of an error passes from here.
"""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.connector import AddrInfoType
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_CONNECT_SECONDS = 5.0
_WRITE_SECONDS = 5.0
_WRITE_FILE_SECONDS = 20.0
_WELL = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,')
_MESSAGE_ID = re.compile(_WELL.pattern + rb'\s*"result"\s*:\s*\{\s*"message_id"\s*:\s*(\d+)\s*,')
_KEEPALIVE = {
    "TCP_KEEPIDLE": 2,
    "TCP_KEEPALIVE": 2,
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 2,
}  # seconds, seconds, times


class BrokenOff(NetworkError):  # noqa: N818 (the library's own have no such ending)
    """Telegram did what was asked, and its answer broke off; `message_id` if that far was read."""

    def __init__(self, message_id: int | None) -> None:
        super().__init__("the answer broke off")
        self.message_id = message_id


class Transport(BaseRequest):
    """At most `connections` to one address at once; who finds none free waits for `pool_seconds`."""

    def __init__(self, address: str, connections: int, read_seconds: float, pool_seconds: float) -> None:
        self._address = address
        self._connections = connections
        self._read_seconds = read_seconds
        self._pool_seconds = pool_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open; nothing is connected before the first request."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, socket_factory=wakeful_socket)
            self._session = aiohttp.ClientSession(
                connector=connector, proxy=proxy_for(self._address), cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )  # fmt: skip

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request: status and body. NetworkError or TimedOut when there is none."""
        if self._session is None:
            raise RuntimeError("not initialized")
        files = bool(request_data and request_data.contains_files)
        read = _given(read_timeout, self._read_seconds)
        connect = _given(connect_timeout, _CONNECT_SECONDS)
        pool = _given(pool_timeout, self._pool_seconds) + connect
        # aiohttp knows no limit for writing: the whole has one.
        write = _given(write_timeout, _WRITE_FILE_SECONDS if files else _WRITE_SECONDS)
        limits = aiohttp.ClientTimeout(
            total=pool + write + read, connect=pool, sock_connect=connect, sock_read=read
        )
        try:
            # Telegram never sends anybody elsewhere; whoever does is not Telegram, and gets no text.
            async with self._session.request(
                method, url, data=_body(request_data), headers=_headers(request_data), timeout=limits,
                allow_redirects=False,
            ) as response:  # fmt: skip
                return response.status, await _whole(response)
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body. BrokenOff when it ends in the middle of saying that all is well: asked again, a person would read twice."""
    body = bytearray()
    try:
        async for part in response.content.iter_any():
            body += part
    except (aiohttp.ClientError, OSError):
        if not _WELL.match(body):
            raise
    else:
        if body.rstrip().endswith(b"}") or not _WELL.match(body):
            return bytes(body)
    found = _MESSAGE_ID.match(body)
    raise BrokenOff(int(found[1]) if found else None)


def wakeful_socket(info: AddrInfoType) -> socket.socket:
    """A socket that notices within seconds that the other end is gone, though nothing is said on it: a poll that is held
    on a line which a router has forgotten would hear nothing for forty seconds."""
    family, kind, protocol, _, _ = info
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):  # each system has its own
            made.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return made


def proxy_for(address: str) -> str | None:
    """The proxy that the environment names for an address; aiohttp would look it up in a thread for each request."""
    parts = urlsplit(address)
    if parts.hostname and proxy_bypass(parts.hostname):
        return None
    known = getproxies()
    return known.get(parts.scheme) or known.get("all")


def _given(seconds: ODVInput[float], otherwise: float) -> float:
    return float(seconds) if isinstance(seconds, int | float) else otherwise


def _headers(data: RequestData | None) -> dict[str, str]:
    return {} if data is None or data.contains_files else {"Content-Type": "application/json"}


def _body(data: RequestData | None) -> bytes | aiohttp.FormData | None:
    """JSON, as Telegram takes it for everything but files: quicker to write than a form."""
    if data is None:
        return None
    if not data.contains_files:
        return data.json_payload
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
