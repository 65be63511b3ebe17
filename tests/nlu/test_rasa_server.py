"""The client against a real, trained Rasa server: read, killed in the middle, replaced, restarted.

Trained on a fixed subset (the first sentences of each label), which takes about a minute.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from nlu.embedded.engine import EmbeddedInterpreter
from nlu.fallback import FallbackInterpreter
from nlu.rasa_client import RasaInterpreter
from nlu.reading import Context, NotUnderstood, Understood, Unreachable, Unsure

PROJECT = Path(__file__).resolve().parents[2] / "nlu" / "rasa"
SCRIPT = PROJECT / "orienta_rasa.sh"


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def _order(order: str, *arguments: str) -> None:
    environment = {**os.environ, "RASA_DATA": "build/subset", "RASA_MODEL": "subset"}
    done = subprocess.run(
        [SCRIPT, order, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


class _RasaServer:
    """A Rasa server in a process group of its own, so that it can be killed whole."""

    def __init__(self, port: int) -> None:
        environment = {**os.environ, "RASA_PORT": str(port), "RASA_MODEL": "subset"}
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [SCRIPT, "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + 180
        while time.monotonic() < end:
            assert self.process.poll() is None, "the Rasa server ended before it answered"
            try:
                if httpx.get(f"{self.url}/status").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.5)
        self.kill()
        raise AssertionError("the Rasa server did not answer within three minutes")

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def trained() -> None:
    """A model of the fixed subset."""
    _order("subset", "2")
    _order("train")


@pytest.fixture
def server(trained: None) -> Iterator[_RasaServer]:
    made = _RasaServer(_free_port())
    yield made
    made.kill()


@pytest.mark.rasa
@pytest.mark.timeout(900)
async def test_a_real_server_is_read_killed_replaced_and_found_again(
    server: _RasaServer, small: EmbeddedInterpreter
) -> None:
    """The whole life of a server as a conversation sees it."""
    now = [0.0]
    told: list[str] = []
    async with httpx.AsyncClient() as client:
        rasa = RasaInterpreter(server.url, client, clock=lambda: now[0], deadline=5.0)
        both = FallbackInterpreter(rasa, small, told.append)
        reading = await both.read("quiero pedir refugio", Context())
        assert isinstance(reading, (Understood, Unsure, NotUnderstood))
        assert "asylum.apply" in [c.label for c in reading.candidates]
        assert told == []
        server.kill()
        for _ in range(4):
            assert not isinstance(await both.read("quiero pedir refugio", Context()), Unreachable)
        assert len(told) == 4
        again = _RasaServer(int(server.url.rsplit(":", 1)[1]))
        try:
            now[0] = 60.0
            assert not isinstance(await both.read("preciso de comida", Context()), Unreachable)
            assert len(told) == 4, "after the rest the probe finds the server again"
        finally:
            again.kill()


def test_the_domain_names_the_labels_of_the_taxonomy() -> None:
    """Rasa's domain and the taxonomy hold the same labels."""
    from content.collection import DATA
    from content.documents import Reader
    from content.taxonomy import read_taxonomy

    root = DATA if (DATA / "taxonomy.yml").exists() else DATA.parent
    domain: dict[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) == set(read_taxonomy(Reader(root), root).labels)
