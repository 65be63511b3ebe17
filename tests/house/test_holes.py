"""`make holes` asks a list of known holes about every locked library, and never takes silence for safety."""

from __future__ import annotations

import json
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOLE = {
    "id": "OSV-1", "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z", "summary": "a hole",
    "affected": [{
        "package": {"name": "starlette", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
    }],
}  # fmt: skip


@contextmanager
def _list_of_holes(known: str) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """A stand-in of the list (its two calls), in which one library has a hole; and what it was asked about."""
    asked: set[tuple[str, str]] = set()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            names = [(one["package"]["name"], one["version"]) for one in body["queries"]]
            asked.update(names)
            found = [{"vulns": [HOLE]} if name == known else {} for name, _ in names]
            self._answer({"results": found})

        def do_GET(self) -> None:
            self._answer(HOLE)

        def _answer(self, value: Any) -> None:
            said = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


def _holes(url: str) -> tuple[int, str]:
    run = subprocess.run(
        ["make", "holes", f"HOLES_URL={url}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_a_known_hole_or_a_list_that_does_not_answer_fails() -> None:
    """Each locked library is asked about, by its version; a hole is named with the version that closes it."""
    with _list_of_holes("starlette") as (url, asked):
        code, said = _holes(url)
    assert code
    assert "a hole" in said
    assert "99.0" in said
    assert "console/SECURITY.md" in said
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    ours = {(one["name"], one["version"]) for one in locked if "registry" in one["source"]}
    assert asked == ours
    with _list_of_holes("no-such-library") as (url, _):
        assert _holes(url)[0] == 0
    assert _holes(url)[0]  # nobody answers there any more
