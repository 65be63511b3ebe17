"""Reads messages with a Rasa server over HTTP and gives the same readings as the engine inside the process.

It sends the text alone: no sender, no language, no place. It never logs a text. Whatever the server does,
slow, silent or garbled, the reading is then `Unreachable` and the caller may ask another engine.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from nlu.circuit import Circuit
from nlu.danger import DangerRules, danger_rules
from nlu.embedded.words import words_of
from nlu.entities import EntityReader, entity_rules
from nlu.language import LanguageModel
from nlu.reading import Candidate, Context, Entities, NotUnderstood, Reading, Understood, Unreachable, Unsure

DEADLINE_SECONDS = 0.8
MOST_CHARACTERS = 4000
_MOST_CANDIDATES = 5
_MOST_BYTES = 1_000_000


class GarbledError(ValueError):
    """The server answered with something that is not a parse; says what is missing, never what was sent."""


@dataclass(frozen=True)
class Bounds:
    """Above `understood` answered, below `unsure` not understood. Rasa's chances are less honest than ours:
    these are the values of its own fallback classifier and of twice that."""

    unsure: float = 0.3
    understood: float = 0.6


@dataclass
class RasaInterpreter:
    """A client of one Rasa server. `client` is owned by the caller, who closes it."""

    url: str
    client: httpx.AsyncClient
    language: LanguageModel | None = None
    danger: DangerRules = field(default_factory=danger_rules)
    entities: EntityReader = field(default_factory=entity_rules)
    bounds: Bounds = field(default_factory=Bounds)
    deadline: float = DEADLINE_SECONDS
    clock: Callable[[], float] = time.monotonic
    circuit: Circuit = field(init=False)

    def __post_init__(self) -> None:
        self.circuit = Circuit(self.clock)

    async def read(self, text: str, context: Context) -> Reading:
        """Reads one message; every failure is an `Unreachable`."""
        if not words_of(text):
            language = context.language
            return NotUnderstood(language=language, danger=self.danger.of(text), entities=Entities())
        if not self.circuit.may_ask():
            return Unreachable("the Rasa server is left alone after repeated failures")
        try:
            async with asyncio.timeout(self.deadline):
                ranked = await self._ask(text)
        except asyncio.CancelledError:
            self.circuit.failed()
            raise
        except TimeoutError:
            return self._failed(f"no answer within {self.deadline:.1f} s")
        except GarbledError as error:
            return self._failed(str(error))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            return self._failed(f"{type(error).__name__} while asking the Rasa server")
        self.circuit.succeeded()
        return self._reading(text, context, ranked)

    def _failed(self, reason: str) -> Unreachable:
        self.circuit.failed()
        return Unreachable(reason)

    async def _ask(self, text: str) -> tuple[Candidate, ...]:
        answer = await self.client.post(
            f"{self.url.rstrip('/')}/model/parse",
            json={"text": text[:MOST_CHARACTERS]},
            timeout=self.deadline,
        )
        if answer.status_code != httpx.codes.OK:
            raise GarbledError(f"status {answer.status_code} from the Rasa server")
        if len(answer.content) > _MOST_BYTES:
            raise GarbledError("an answer too long to be a parse")
        return ranking_of(answer.json())

    def _reading(self, text: str, context: Context, ranked: tuple[Candidate, ...]) -> Reading:
        words = words_of(text)
        settled = self.language is None or (context.language_chosen and context.language)
        language = (
            context.language
            if settled or self.language is None
            else self.language.identify(words, context.language)
        )
        danger, entities = self.danger.of(text), self.entities.of(words, context)
        best = ranked[0]
        if best.confidence < self.bounds.unsure:
            return NotUnderstood(language=language, danger=danger, entities=entities, candidates=ranked)
        if best.confidence < self.bounds.understood:
            return Unsure(language=language, danger=danger, entities=entities, candidates=ranked)
        return Understood(
            language=language, danger=danger, entities=entities, candidates=ranked,
            label=best.label, confidence=best.confidence,
        )  # fmt: skip


def ranking_of(parse: Any) -> tuple[Candidate, ...]:
    """The candidates of a Rasa parse, best first; raises `GarbledError` when it is none."""
    if not isinstance(parse, dict) or not isinstance(parse.get("intent_ranking"), list):
        raise GarbledError("an answer without `intent_ranking`")
    found = [_candidate(entry) for entry in parse["intent_ranking"]]
    ranked = sorted((c for c in found if c.label != "nlu_fallback"), key=lambda c: -c.confidence)
    if not ranked:
        raise GarbledError("an answer without intents")
    return tuple(ranked[:_MOST_CANDIDATES])


def _candidate(entry: Any) -> Candidate:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise GarbledError("an intent without a name")
    confidence = entry.get("confidence")
    if (
        isinstance(confidence, bool)
        or not isinstance(confidence, (int, float))
        or not math.isfinite(confidence)
    ):
        raise GarbledError("an intent without a confidence")
    return Candidate(entry["name"], min(max(float(confidence), 0.0), 1.0))
