"""Opens what understands people: the embedded engine, and a Rasa server before it where one is named."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.logs import get_log
from bot.settings import Settings
from nlu.reading import Interpreter

if TYPE_CHECKING:
    import httpx

    from nlu.embedded.engine import EmbeddedInterpreter
    from nlu.entities import EntityReader
    from nlu.language import LanguageModel

_log = get_log("wiring")


def embedded_interpreter(
    model: Path | None, encoder_dir: Path | None, entities: EntityReader
) -> EmbeddedInterpreter:
    """The engine inside this process, beside the sentence encoder of a folder where one is named."""
    from nlu.embedded.engine import embedded_interpreter as build

    return build(model, encoder_dir, entities)


def rasa_interpreter(
    settings: Settings, client: httpx.AsyncClient, language: LanguageModel | None, entities: EntityReader
) -> Interpreter:
    """A Rasa server over HTTP, with nothing behind it."""
    from nlu.rasa_client import RasaInterpreter

    url = settings.rasa_url or "http://127.0.0.1:5005"
    return RasaInterpreter(url, client, language, entities=entities)


async def open_interpreter(settings: Settings, stack: AsyncExitStack, entities: EntityReader) -> Interpreter:
    """Rasa with the embedded engine behind it when its address is set; the embedded engine otherwise."""
    embedded = await asyncio.to_thread(embedded_interpreter, None, settings.encoder_dir, entities)
    if not settings.rasa_url:
        return embedded
    import httpx

    from nlu.fallback import FallbackInterpreter

    client = await stack.enter_async_context(httpx.AsyncClient())
    rasa = rasa_interpreter(settings, client, embedded.model.language, entities)
    return FallbackInterpreter(rasa, embedded, lambda reason: _log.warning("rasa unreachable", reason=reason))
