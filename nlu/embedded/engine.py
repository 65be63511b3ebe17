"""The interpreter inside the process: danger by rule, then language, entities, the model and what was said before.

It keeps no text and answers anything, however odd, with a reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.danger import DangerRules, danger_rules
from nlu.embedded.clauses import clauses_of, further_needs
from nlu.embedded.follow_up import FollowUps, follow_ups
from nlu.embedded.model import Model
from nlu.embedded.store import encoder_of, ensure_model, load
from nlu.embedded.words import plain, words_in
from nlu.entities import EntityReader, entity_rules
from nlu.reading import Candidate, Context, Entities, NotUnderstood, Reading, Understood, Unsure

MOST_CANDIDATES = 5
DANGER_LABEL = "danger_now"
_SETTLED = 0.95
_WORTH_OFFERING = 0.05


@dataclass(frozen=True)
class EmbeddedInterpreter:
    """Reads messages with a trained model. `ours` is whether its labels are those of the taxonomy: only then
    danger, entities and dialogue apply; other people's labels get the bare model."""

    model: Model
    danger: DangerRules
    entities: EntityReader
    follow_ups: FollowUps

    @property
    def ours(self) -> bool:
        """Whether the model was trained on the labels of the taxonomy."""
        return DANGER_LABEL in self.model.labels

    async def read(self, text: str, context: Context) -> Reading:
        """Reads one message."""
        return self.understand(text, context)

    def understand(self, text: str, context: Context | None = None) -> Reading:
        """Reads one message, without waiting for anything."""
        context, flat = context or Context(), plain(text)
        words = words_in(flat)
        if not self.ours:
            return self._decide(self._ranked(words, text), None, None, Entities(), ())
        language = self._language(words, context)
        danger = self.danger.of_plain(flat)
        entities = self.entities.of(words, context)
        if all(word.isdigit() for word in words):  # a number alone names no need
            return NotUnderstood(language=language, danger=danger, entities=entities)
        clauses = clauses_of(flat)
        typed = [text, *(" ".join(clause) for clause in clauses)]
        whole, *parts = self.model.score([words, *clauses], language, typed)
        ranked = self.follow_ups.about(
            words, context.need, self.model.rank(whole), self.model.confidence.understood
        )
        others = (*further_needs(whole, parts, ranked[0][0], self.model), *_sensitive_beside(ranked))
        return self._decide(ranked, language, danger, entities, others)

    def _ranked(self, words: Sequence[str], text: str) -> list[tuple[str, float]]:
        return self.model.rank(self.model.score([words], None, [text])[0]) if words else []

    def _language(self, words: Sequence[str], context: Context) -> str | None:
        if self.model.language is None or (context.language_chosen and context.language):
            return context.language
        return self.model.language.identify(words, context.language)

    def _decide(
        self,
        ranked: Sequence[tuple[str, float]],
        language: str | None,
        danger: str | None,
        entities: Entities,
        others: tuple[str, ...],
    ) -> Reading:
        candidates = tuple(Candidate(label, round(c, 4)) for label, c in ranked[:MOST_CANDIDATES])
        sure = ranked[0][1] if ranked else 0.0
        bounds = self.model.confidence
        if not ranked or sure < bounds.unsure:
            return NotUnderstood(language=language, danger=danger, entities=entities, candidates=candidates)
        if sure < bounds.understood:
            return Unsure(language=language, danger=danger, entities=entities, candidates=candidates)
        return Understood(
            language=language,
            danger=danger,
            entities=entities,
            candidates=candidates,
            label=candidates[0].label,
            confidence=candidates[0].confidence,
            others=tuple(dict.fromkeys(others)),
        )


def _sensitive_beside(ranked: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """Sensitive needs that may be meant although another need was understood: offered, never passed over."""
    near = ranked[1:3] if ranked[0][1] < _SETTLED else ranked[1:2]
    return tuple(label for label, c in near if label.startswith("protection.") and c >= _WORTH_OFFERING)


def interpreter_of(model: Model, entities: EntityReader | None = None) -> EmbeddedInterpreter:
    """An interpreter around a model, with our rules; for the places that come with this version unless told others."""
    return EmbeddedInterpreter(model, danger_rules(), entities or entity_rules(), follow_ups())


def embedded_interpreter(
    path: Path | None = None, encoder_dir: Path | None = None, entities: EntityReader | None = None
) -> EmbeddedInterpreter:
    """The interpreter of a model file, or of our own model (trained first when missing or stale), beside the
    encoder of a folder where one is named."""
    encoder = encoder_of(encoder_dir)
    return interpreter_of(load(path, encoder) if path else ensure_model(encoder=encoder), entities)
