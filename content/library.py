"""The best answer for (need, place, language, moment), and how old and how sure it is.

Order of fallback: the place's overlay over its country's answer; the asked language, then those the
language names. What is withdrawn by age is left out and said to be left out. The library never asks who
wants to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from content.ageing import Age, age_of
from content.answers import Answer, Part
from content.cards import Card, changed_parts, code_of, facts_of, read_code
from content.collection import Collection
from content.emergency import EmergencyNumber
from content.facts import Fact, Source
from content.languages import Language
from content.places import Place, Places
from content.rendering import render, shown_date
from content.search import TextIndex
from content.taxonomy import Taxonomy
from content.wording import N_, Wording, wording

SIDES = {
    "right": N_("what the right is"),
    "who": N_("who has it"),
    "first_step": N_("what to do first"),
    "where": N_("where to go"),
    "bring": N_("what to bring"),
    "without": N_("what to do without the papers"),
    "cost": N_("what it costs"),
    "time": N_("how long it takes"),
    "never": N_("what nobody may ask of you"),
    "refused": N_("what to do if they refuse"),
    "more": N_("more information"),
}
_COMPOSED = 2_000  # as many as there are needs in places in languages; some 3 KB each


@dataclass(frozen=True)
class Shown:
    """An answer ready to be shown: plain text, with its dates, its sources and what is not sure about it.

    `language` is that of the text, which may differ from the one asked for. `stale` asks the reader to
    call first. `missing` says that we hold no checked information. `code` leads to the present version.
    `services` are those of the directory that the text is about.
    """

    need: str
    place: str
    language: str
    asked_language: str
    title: str
    paragraphs: tuple[str, ...]
    dated: str
    stale: bool
    sources: tuple[Source, ...]
    reviewed: bool
    missing: bool
    code: str
    services: tuple[str, ...] = ()

    @property
    def in_asked_language(self) -> bool:
        """False when the reader gets the nearest language because none is written in theirs."""
        return self.language == self.asked_language


class Library:
    """Answers, safety texts, numbers and programmes of one good reading of the content."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._index = TextIndex(collection)
        # An answer changes with the content, which makes a new library, and with the day.
        self._composed = lru_cache(_COMPOSED)(self._compose)

    @property
    def taxonomy(self) -> Taxonomy:
        """The needs and intents."""
        return self.collection.taxonomy

    @property
    def places(self) -> Places:
        """The places."""
        return self.collection.places

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in the order in which they are offered."""
        return tuple(language for language in self.collection.languages.values() if language.open)

    def raw(self, need: str, place: str) -> Answer | None:
        """The answer of the place's country with the place's overlay, or None where nobody wrote one."""
        national = self.collection.answers.get((self.places.place(place).country, need))
        overlay = self.collection.answers.get((place, need))
        return national.with_overlay(overlay) if national else overlay

    def answer(self, need: str, place: str, language: str, moment: datetime) -> Shown | None:
        """The answer as it may be shown at a moment; None where nobody wrote one."""
        today = moment.astimezone(ZoneInfo(self.places.place(place).time_zone)).date()
        return self._composed(need, place, language, today)

    def _compose(self, need: str, place: str, language: str, today: date) -> Shown | None:
        answer = self.raw(need, place)
        if answer is None:
            return None
        written = self._written_language(answer.parts, place, language)
        words, asked = wording(written), wording(language)
        kept, withdrawn = self._sort_by_age(answer.parts, today)
        paragraphs = [render(part.texts[written], self.collection.facts, words) for part in kept]
        if withdrawn:
            sides = words.list([words(SIDES[part.about]) for part in withdrawn])
            paragraphs.append(
                words(
                    "We took out what is too old to trust: {sides}. Ask at one of the places below.",
                    sides=sides,
                )
            )
        facts = self._facts(kept)
        dated, stale = self._dated(facts, today, asked)
        return Shown(
            need=need,
            place=place,
            language=written,
            asked_language=language,
            title=self.taxonomy.needs[need].title(language),
            paragraphs=tuple(paragraphs),
            dated=dated,
            stale=stale or bool(withdrawn),
            sources=_sources(facts),
            reviewed=bool(answer.reviewed_by),
            missing=not facts,
            code=code_of(answer, place, self.collection.facts),
            services=tuple(dict.fromkeys(one for fact in facts for one in fact.services)),
        )

    def card(self, code: str) -> tuple[Card, tuple[str, ...]] | None:
        """What a card's code is about and which sides changed since; None for a code that is not ours."""
        card = read_code(code)
        if card is None or card.place not in self.places or card.need not in self.taxonomy.needs:
            return None
        answer = self.raw(card.need, card.place)
        return (card, changed_parts(card, answer, self.collection.facts)) if answer else None

    def safety(self, kind: str, language: str) -> str:
        """What to do this minute; the general text for a kind nobody wrote about."""
        text = self.collection.safety.get(kind) or self.collection.safety["general"]
        return text.texts.get(language) or text.texts["es"]

    def safety_reviewed(self, kind: str) -> bool:
        """Whether two people have read the safety text, so that it may stand without a note."""
        text = self.collection.safety.get(kind) or self.collection.safety["general"]
        return len(text.read_by) >= 2

    def emergency(
        self, place: str, *, danger: str | None = None, need: str | None = None
    ) -> tuple[EmergencyNumber, ...]:
        """The numbers for a danger or a need (all of them without either), the place's own first."""
        where = self._scope(self.places.place(place))
        numbers = [
            number
            for number in self.collection.numbers
            if number.place in where
            and (danger is None or danger in number.dangers)
            and (need is None or need in number.needs)
        ]
        return tuple(sorted(numbers, key=lambda number: where.index(number.place)))

    def programmes(self, place: str, language: str, moment: datetime) -> tuple[Shown, ...]:
        """The programmes of a place of 2017 and what is known of them today."""
        today = moment.date()
        shown = []
        for programme in self.collection.programmes:
            if programme.place != place:
                continue
            written, text = programme.text(language)
            part = Part(about="more", facts=programme.facts, texts={written: text})
            facts = self._facts([part])
            dated, stale = self._dated(facts, today, wording(language))
            body = render(text, self.collection.facts, wording(written))
            shown.append(
                Shown(programme.needs[0], place, written, language, programme.name, (body,), dated, stale,
                      _sources(facts), False, not facts, "")
            )  # fmt: skip
        return tuple(shown)

    def search(self, words: str, place: str, language: str) -> tuple[str, ...]:
        """Up to three needs whose texts in the language hold the words, typing errors and accents forgiven."""
        return self._index.search(words, self.places.place(place), language)

    def same_facts(self, need: str, place: str, other: str) -> bool:
        """Whether two places rest on the same facts for a need, so that nothing differs."""
        here, there = self.raw(need, place), self.raw(need, other)
        if here is None or there is None:
            return here is there
        return {f for p in here.parts for f in facts_of(p)} == {f for p in there.parts for f in facts_of(p)}

    def _scope(self, place: Place) -> list[str]:
        around = [place.code, *([place.within] if place.within else [])]
        inside = [other.code for other in self.places.all if other.within == place.code]
        return [*around, *inside, place.country]

    def _written_language(self, parts: Sequence[Part], place: str, language: str) -> str:
        known, spoken = self.collection.languages.get(language), self.places.place(place).languages
        wanted = (*(known.order(spoken) if known else (language, *spoken)), "es")
        return next(code for code in wanted if all(code in part.texts for part in parts))

    def _facts(self, parts: Sequence[Part]) -> list[Fact]:
        names = dict.fromkeys(name for part in parts for name in facts_of(part))
        return [self.collection.facts[name] for name in names]

    def _sort_by_age(self, parts: Sequence[Part], today: date) -> tuple[list[Part], list[Part]]:
        kept: list[Part] = []
        withdrawn: list[Part] = []
        for part in parts:
            ages = [self._age(fact, today) for fact in self._facts([part])]
            (withdrawn if Age.WITHDRAWN in ages else kept).append(part)
        return kept, withdrawn

    def _age(self, fact: Fact, today: date) -> Age:
        return age_of(fact.kind, fact.source_date, today, self.collection.intervals)

    def _dated(self, facts: Sequence[Fact], today: date, words: Wording) -> tuple[str, bool]:
        """The line about age, and whether the reader should call first."""
        dates = sorted(fact.source_date for fact in facts if fact.source_date)
        if not dates:
            return words("We do not know the date of this information: call before you go."), True
        first, last = shown_date(dates[0][:7], words), shown_date(dates[-1][:7], words)
        line = (
            words("Checked in {month}.", month=last)
            if first == last
            else words("Checked between {first} and {last}.", first=first, last=last)
        )
        due = sorted(
            fact.source_date for fact in facts if fact.source_date and self._age(fact, today) is Age.DUE
        )
        if due:
            since = shown_date(due[0][:7], words)
            return f"{line} " + words(
                "A part has not been checked since {since}: call before you go.", since=since
            ), True
        if any(fact.source_date is None or fact.confidence == "low" for fact in facts):
            return f"{line} " + words("A part is not certain: call before you go."), True
        return line, False


def _sources(facts: Sequence[Fact]) -> tuple[Source, ...]:
    """The sources, each once, the newest first."""
    newest = sorted(facts, key=lambda fact: fact.source_date or "", reverse=True)
    return tuple({(fact.source.title, fact.source.url): fact.source for fact in newest}.values())
