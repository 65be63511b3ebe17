"""The Rasa client against a real HTTP server that is slow, garbled, down, restarted: readings, never exceptions."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.circuit import Circuit
from nlu.fallback import FallbackInterpreter
from nlu.rasa_client import GarbledError, RasaInterpreter, ranking_of
from nlu.reading import Candidate, Context, NotUnderstood, Reading, Understood, Unreachable, Unsure


class _Server:
    """A server whose behaviour a test sets: status, body, delay. Remembers what it was asked."""

    def __init__(self, port: int = 0) -> None:
        self.status, self.body, self.delay = 200, b"{}", 0.0
        self.asked: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.paths.append(self.path)
                time.sleep(outer.delay)
                try:
                    self.send_response(outer.status)
                    self.send_header("Content-Length", str(len(outer.body)))
                    self.end_headers()
                    self.wfile.write(outer.body)
                except OSError:
                    pass  # the client left at its deadline

            def log_message(self, *_: object) -> None:
                pass

        self.paths: list[str] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.http.server_address[1]
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def says(self, **confidences: float) -> None:
        ranking = [{"name": name.replace("__", "."), "confidence": c} for name, c in confidences.items()]
        self.body = json.dumps({"text": "x", "intent": ranking[0], "intent_ranking": ranking}).encode()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server()
    yield made
    made.stop()


async def _read(server: _Server, text: str = "necesito comida", **options: Any) -> Reading:
    async with httpx.AsyncClient() as client:
        interpreter = RasaInterpreter(f"http://127.0.0.1:{server.port}", client, **options)
        return await interpreter.read(text, Context(language="es"))


async def test_the_bands_are_read(server: _Server) -> None:
    """Sure is understood, less is unsure, little is not understood; only the text is sent."""
    server.says(basics__food=0.9, basics__cash=0.05)
    reading = await _read(server)
    assert isinstance(reading, Understood)
    assert (reading.label, reading.confidence) == ("basics.food", 0.9)
    server.says(basics__food=0.5, basics__cash=0.4)
    assert isinstance(await _read(server), Unsure)
    server.says(nlu_fallback=0.9, basics__food=0.2)
    reading = await _read(server)
    assert isinstance(reading, NotUnderstood)
    assert reading.candidates[0].label == "basics.food"
    assert server.asked[0] == {"text": "necesito comida"}
    assert server.paths[0] == "/model/parse"


async def test_rules_hold_with_rasa_too(server: _Server) -> None:
    """Danger and entities are found by our rules whichever engine reads."""
    server.says(protection__gender_violence=0.9)
    reading = await _read(server, "mi marido me pega, vivo en Quitumbe")
    assert isinstance(reading, Understood)
    assert (reading.danger, reading.entities.place) == ("violence", "quito")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"intent_ranking": []}', b'{"intent_ranking": [{"name": 3}]}', b"\xff\xfe", b"[" * 5000,
     b'{"intent_ranking": [{"name": "a", "confidence": "x"}]}', b'{"intent_ranking": [{"name": "a", "confidence": NaN}]}', b"1" * 1_100_000],
    ids=range(11),
)  # fmt: skip
async def test_garbage_is_unreachable(server: _Server, body: bytes) -> None:
    """Whatever is no parse is our trouble, not a message that was not understood."""
    server.body = body
    assert isinstance(await _read(server), Unreachable)


@pytest.mark.parametrize("status", [204, 301, 404, 409, 500, 503])
async def test_other_statuses_are_unreachable(server: _Server, status: int) -> None:
    """A server without a model (409) or in trouble is unreachable."""
    server.says(a=0.9)
    server.status = status
    assert isinstance(await _read(server), Unreachable)


async def test_a_slow_server_is_left_at_the_deadline(server: _Server) -> None:
    """The person waits for the deadline and not longer."""
    server.says(a=0.9)
    server.delay = 0.6
    begun = time.monotonic()
    reading = await _read(server, deadline=0.1)
    assert isinstance(reading, Unreachable)
    assert time.monotonic() - begun < 0.5
    assert "comida" not in reading.reason


async def test_down_then_restarted() -> None:
    """Killed: unreachable, then not even asked; after the rest one probe finds it again."""
    now = [0.0]
    server = _Server()
    server.says(basics__food=0.9)
    port = server.port
    async with httpx.AsyncClient() as client:
        interpreter = RasaInterpreter(f"http://127.0.0.1:{port}", client, clock=lambda: now[0])
        assert isinstance(await interpreter.read("comida", Context()), Understood)
        server.stop()
        for _ in range(3):
            assert isinstance(await interpreter.read("comida", Context()), Unreachable)
        again = _Server(port)
        again.says(basics__food=0.9)
        try:
            reading = await interpreter.read("comida", Context())
            assert isinstance(reading, Unreachable)
            assert "left alone" in reading.reason
            assert not again.asked
            now[0] = 60.0
            assert isinstance(await interpreter.read("comida", Context()), Understood)
            assert isinstance(await interpreter.read("comida", Context()), Understood)
        finally:
            again.stop()


async def test_only_one_probe_goes_out(server: _Server) -> None:
    """Half-open: of many messages at once one asks, the others fall back at once."""
    now = [0.0]
    server.says(a=0.9)
    server.delay = 0.1
    async with httpx.AsyncClient() as client:
        interpreter = RasaInterpreter(f"http://127.0.0.1:{server.port}", client, clock=lambda: now[0])
        for _ in range(3):
            interpreter.circuit.failed()
        now[0] = 60.0
        readings = await asyncio.gather(*(interpreter.read("comida", Context()) for _ in range(8)))
    assert len(server.asked) == 1
    assert sum(isinstance(r, Unreachable) for r in readings) == 7


async def test_a_turn_given_up_does_not_leave_the_circuit_hanging(server: _Server) -> None:
    """A probe that is cancelled counts as failed: the next one may go out after the rest."""
    now = [0.0]
    server.says(a=0.9)
    server.delay = 0.2
    async with httpx.AsyncClient() as client:
        interpreter = RasaInterpreter(f"http://127.0.0.1:{server.port}", client, clock=lambda: now[0])
        for _ in range(3):
            interpreter.circuit.failed()
        now[0] = 60.0
        task = asyncio.create_task(interpreter.read("comida", Context()))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        now[0] = 120.0
        assert isinstance(await interpreter.read("comida", Context()), Understood)


async def test_the_other_engine_answers_in_the_same_turn(server: _Server, small: Any) -> None:
    """Unreachable falls back at once; the reason is told without the text."""
    server.body = b"garbage"
    told: list[str] = []
    async with httpx.AsyncClient() as client:
        rasa = RasaInterpreter(f"http://127.0.0.1:{server.port}", client)
        reading = await FallbackInterpreter(rasa, small, told.append).read("quiero pedir refugio", Context())
    assert not isinstance(reading, Unreachable)
    assert len(told) == 1
    assert "refugio" not in told[0]


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(["intent_ranking", "name", "confidence", "x"]), children, max_size=4
        )
    ),
)


@given(_json)
def test_any_json_is_a_ranking_or_garbled(parse: Any) -> None:
    """No answer of a server breaks the client."""
    try:
        ranked = ranking_of(parse)
    except GarbledError:
        return
    assert all(isinstance(c, Candidate) and 0 <= c.confidence <= 1 for c in ranked)


def test_the_circuit_closes_after_success() -> None:
    """Failures in a row count, scattered ones do not."""
    circuit = Circuit(lambda: 0.0, failures_allowed=2)
    for _ in range(5):
        circuit.failed()
        circuit.succeeded()
    assert circuit.may_ask()
