"""The whole house behind a stand-in of the Bot API: every room real, only Telegram is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.face import TelegramFace
from bot.settings import Settings
from bot.wiring import open_house
from content.loading import load_library
from content.taxonomy import Taxonomy
from tests.bot_api import BotApi, Message, Person


@dataclass
class Telling:
    """A stage for stories."""

    api: BotApi
    taxonomy: Taxonomy

    def person(self, language: str) -> Person:
        """Somebody whose telephone speaks this language."""
        return self.api.person(language=language)

    def title(self, need: str, language: str) -> str:
        """How a need is called."""
        return self.taxonomy.needs[need].titles[language]

    async def hears(self, person: Person, *needs: str, language: str) -> list[Message]:
        """What the bot answers; unsure, it offers candidates, and the person presses the one that is meant."""
        messages = await person.reads()
        titles = [self.title(need, language) for need in needs]
        if any(message.text.startswith(title) for message in messages for title in titles):
            return messages
        offered = [label for label in messages[-1].labels if label in titles]
        assert offered, (
            f"neither an answer nor one of {titles} in {[(m.text[:80], m.labels) for m in messages]}"
        )
        await person.presses(offered[0], on=messages[-1])
        return await person.reads()

    def is_answer(self, messages: list[Message], need: str, place: str, language: str) -> None:
        """One of the messages answers this need for this place: dated, with its source, in the language."""
        head = f"{self.title(need, language)} · {place}"
        found = [message for message in messages if message.text.startswith(head)]
        assert found, f"no {head!r} in {[message.text[:80] for message in messages]}"
        words = {"es": ("Fuente:", "omprobado"), "pt": ("Fonte:", "onferido")}[language]
        assert all(word in found[0].text for word in words), found[0].text

    def says(self, messages: list[Message], *words: str) -> None:
        """One message holds all of these words."""
        found = any(all(word in message.text for word in words) for message in messages)
        assert found, f"no message with {words} in {[message.text[:150] for message in messages]}"

    def has_doors(self, messages: list[Message]) -> None:
        """Places to go to, with reasons, and a way on."""
        assert any(message.text.startswith("1. ") for message in messages), [
            message.text[:80] for message in messages
        ]
        assert messages[-1].labels or messages[-1].markup


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def telling(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Telling]:
    """The house, open, serving Telegram."""
    async with BotApi() as api:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("house"),
            telegram_token=SecretStr(api.token),
            telegram_api_url=api.url,
        )
        async with open_house(settings) as house:
            stop = asyncio.Event()
            serving = asyncio.create_task(TelegramFace(settings, house.turn).serve(stop))
            yield Telling(api, load_library().taxonomy)
            stop.set()
            await serving
