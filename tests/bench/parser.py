"""The engine of this process behind the same address as Rasa's: `POST /model/parse`, and nothing else in between."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from nlu.embedded.engine import embedded_interpreter

_HEADERS = [(b"content-type", b"application/json")]


def application(model: Path | None) -> ASGIApp:
    """The application around the engine, with our own model unless one is named."""
    engine = embedded_interpreter(model)

    def parse(body: bytes) -> Mapping[str, Any]:
        reading = engine.understand(json.loads(body)["text"])
        ranking = [{"name": c.label, "confidence": c.confidence} for c in reading.candidates]  # type: ignore[union-attr]
        return {"intent": ranking[0] if ranking else None, "intent_ranking": ranking}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        said = parse(body) if scope["method"] == "POST" else {"model": "embedded"}
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})

    return answer


if __name__ == "__main__":
    chosen = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    uvicorn.run(
        application(chosen), port=int(sys.argv[1]), log_level="error", lifespan="off", access_log=False
    )
