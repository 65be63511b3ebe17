"""Logs that can be shown to anybody: events and codes, never a person's words and never a token.

Three nets, one below the other. Our own code logs named fields from a closed list. Libraries that log requests
(httpx, aiohttp, the Telegram library, the HTTP server) are held at WARNING, whatever the level. Whatever still passes is
searched for tokens and cut, and a traceback shows where it happened but not the values.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

# These log addresses (with the token inside), bodies (with the text inside) or parameters of statements.
TALKATIVE = (
    "httpx", "httpcore", "aiohttp", "telegram", "uvicorn", "uvicorn.access", "uvicorn.error", "asyncio", "aiosqlite",
    "sqlalchemy", "multipart", "python_multipart", "starlette", "psycopg", "alembic",
)  # fmt: skip
# What our own code may say about an event. Anything else is dropped: a new field is a decision, made here.
FIELDS = frozenset({
    "event", "level", "timestamp", "logger", "kind", "place", "need", "language", "outcome", "step", "part",
    "error", "where", "duration_ms", "count", "address", "port", "path", "status", "mode", "reason", "update_id",
    "version", "engine", "seconds", "exception", "attempt", "retry_after", "host", "services", "week",
})  # fmt: skip
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_CUT = "[removed]"
_OWN = frozenset({"_record", "_from_structlog"})  # structlog's own, taken away before anything is written


class Redaction:
    """Cuts every known secret, and whatever looks like a bot token, out of what is about to be written."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(
            sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)
        )

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _CUT)
        return _TOKEN.sub(_CUT, text)

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """As a structlog processor, last before rendering."""
        return {key: self.clean(value) if isinstance(value, str) else value for key, value in event.items()}


def only_known_fields(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that nobody decided to log."""
    return {key: value for key, value in event.items() if key in FIELDS or key in _OWN}


def without_values(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and the lines it passed: its message may quote what a person wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = describe(error)
    return event


def describe(error: BaseException) -> str:
    """Type and path of an exception, without its message and without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    path = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames[-6:])
    )
    return f"{type(error).__name__} at {path}" if path else type(error).__name__


class _BareMessage(logging.Filter):
    """Keeps the values of foreign records out: arguments may hold anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args:
            record.msg, record.args = str(record.msg).split("%")[0].strip(), None
        return True


def set_up_logs(level: str = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line of the process through the nets to standard error (or `stream`) as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
        only_known_fields,
        Redaction(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(shared))
    handler.addFilter(_BareMessage())
    # A record that cannot be formatted would otherwise be printed with its arguments.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _quiet(level)


def _formatter(shared: list[Any]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _quiet(level: str) -> None:
    floor = max(logging.WARNING, logging.getLevelName(level))
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(floor)
        logging.getLogger(name).propagate = True
        logging.getLogger(name).handlers.clear()


def get_log(name: str) -> Any:
    """A logger of our own; it accepts the fields of FIELDS alone."""
    return structlog.stdlib.get_logger(name)
