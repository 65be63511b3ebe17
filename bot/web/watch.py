"""What operators watch: is it alive, can it answer, how fast. No figure here says where or about what people ask.

Demand is published by the release rule alone, so the metrics carry neither place, need nor language.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.logs import describe, get_log

Check = Callable[[], Awaitable[bool]]
_log = get_log("watch")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counts turns and their seconds in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "orienta_turns", "Turns taken, by whether they failed.", ["failed"], registry=self.registry
        )
        self._seconds = Histogram(
            "orienta_turn_seconds", "Seconds from event to replies.", buckets=_SECONDS, registry=self.registry
        )

    def observe(self, failed: bool, seconds: float) -> None:
        """Take note of one turn."""
        self._turns.labels(failed=str(failed).lower()).inc()
        self._seconds.observe(seconds)


def watch_routes(checks: Mapping[str, Check], metrics: Metrics) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(request: Request) -> Response:
        states = {name: await _holds(name, check) for name, check in checks.items()}
        return JSONResponse(
            {"ready": all(states.values()), "checks": states}, 200 if all(states.values()) else 503
        )

    async def show_metrics(request: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics)]


async def _holds(name: str, check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        _log.warning("not ready", part=name, error=describe(error))
        return False
