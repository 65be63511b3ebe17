"""The engine of this process behind the same address as Rasa's: `POST /model/parse`."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from nlu.embedded.engine import embedded_interpreter


def application(model: Path | None) -> Starlette:
    """The application around the engine, with our own model unless one is named."""
    engine = embedded_interpreter(model)

    async def parse(request: Request) -> JSONResponse:
        reading = engine.understand((await request.json())["text"])
        ranking = [{"name": c.label, "confidence": c.confidence} for c in reading.candidates]  # type: ignore[union-attr]
        return JSONResponse({"intent": ranking[0] if ranking else None, "intent_ranking": ranking})

    async def status(request: Request) -> JSONResponse:
        return JSONResponse({"model": "embedded"})

    return Starlette(routes=[Route("/model/parse", parse, methods=["POST"]), Route("/status", status)])


if __name__ == "__main__":
    chosen = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    uvicorn.run(application(chosen), port=int(sys.argv[1]), log_level="error")
