"""The turn that every face runs: event in, replies out, one outcome counted.

It never raises for a failing part: a person in danger gets the safety text though everything else is down.
It logs codes alone, and forgets the text and the position when it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from bot.buttons import Action
from bot.conversation.deciding import Decision, decide
from bot.conversation.events import ButtonPressed, CommandGiven, Event, Left, PositionShared, TextSaid
from bot.conversation.hearing import Heard
from bot.conversation.memory import Memory, State
from bot.conversation.offers import packed
from bot.conversation.table import Step, Trigger
from bot.logs import describe, get_log
from bot.replies import Reply
from bot.sessions import Sessions
from bot.turn.choosing import as_choice
from bot.turn.house import House
from bot.turn.listening import Listener
from bot.turn.performing import PERFORMERS
from bot.turn.saying import say_trouble, with_words_alone_read
from bot.turn.scene import Performed, Scene
from bot.turn.unread import is_guarded, listen, offered, with_sentence
from content.library import Library
from demand.outcomes import Happening, Outcome
from referrals.doors import Position

_log = get_log("turn")
_FORGETTING = frozenset({Trigger.FORGET_ASKED, Trigger.EXIT_ASKED, Trigger.LEFT})
# "Chao", "merci", "ok" are said in every language: they change none.
_INTERNATIONAL = frozenset({Trigger.THANKED, Trigger.SAID_GOODBYE, Trigger.AFFIRMED, Trigger.DENIED})
# The first of these that a step came to is how the turn ended.
_WEIGHT = (Outcome.EMERGENCY, Outcome.FAILURE)


class Turn:
    """Takes events, one after the other for each person, and answers them."""

    def __init__(self, house: House, sessions: Sessions) -> None:
        self._house = house
        self._sessions = sessions

    async def take(self, event: Event, person: bytes) -> list[Reply]:
        """Answer one event. `person` is the face's opaque key of who asks; it stays in memory only."""
        begun = perf_counter()
        async with self._sessions.lock(person):
            replies = await self._take(event, person)
        failed = any(reply.outcome == Outcome.FAILURE for reply in replies)
        self._house.observe(failed, perf_counter() - begun)
        return replies

    def set_out(self, person: bytes, place: str | None = None, language: str | None = None) -> None:
        """Begin with a place and a language that are known before the first word (a city's own page)."""
        memory = self._sessions.remembered(person)
        chosen = memory.language_chosen or language is not None
        self._sessions.keep(
            person,
            replace(
                memory,
                place=place or memory.place,
                language=language or memory.language,
                language_chosen=chosen,
            ),
        )

    @property
    def library(self) -> Library:
        """The content in use, for faces that show what stands around the conversation."""
        return self._house.library()

    async def greet(self, language: str, person: bytes, *, seen: bool = False) -> list[Reply]:
        """The first screen, shown without anything having been asked: nothing is counted or remembered.

        `seen`: the person answers it now, so that its buttons can be chosen in words.
        """
        library = self._house.library()
        known = self._sessions.remembered(person)
        memory = replace(known, language=language)
        scene = self._scene(library, Decision(memory, (), Heard(Trigger.STARTED)), CommandGiven("start"))
        replies = list((await self._one(scene, Step.WELCOME)).replies)
        if seen:
            self._sessions.keep(person, replace(known, offered=packed(replies)))
        return replies

    def language_of(self, person: bytes) -> str | None:
        """The language of a conversation, for the page around it; None before there is one."""
        return self._sessions.remembered(person).language

    async def _take(self, event: Event, person: bytes) -> list[Reply]:
        library = self._house.library()
        memory = _with_hint(self._sessions.remembered(person), event, library)
        if isinstance(event, Left):
            self._sessions.forget(person)
            return []
        event = as_choice(event, memory)
        heard = await Listener(self._house, library, memory).hear(event)
        memory, language = _with_language(memory, heard, event, library)
        memory = replace(memory, guarded=is_guarded(memory, heard, library))
        decision = self._with_sentence(decide(memory, heard), heard, event, library)
        scene = self._scene(library, decision, event)
        performed, after = await self._perform(scene, decision.steps)
        listen(scene, event, person)
        replies = self._close(scene, performed, person, language)
        if isinstance(event, TextSaid) and event.beside:
            replies = with_words_alone_read(scene, replies)
        self._settle(person, decision, replace(after, offered=packed(replies)))
        return replies

    def _with_sentence(self, decision: Decision, heard: Heard, event: Event, library: Library) -> Decision:
        memory = with_sentence(decision.memory, heard, event, library, self._house.unread)
        return replace(decision, memory=memory)

    def _scene(self, library: Library, decision: Decision, event: Event) -> Scene:
        position = Position(event.latitude, event.longitude) if isinstance(event, PositionShared) else None
        return Scene(
            house=self._house,
            library=library,
            memory=decision.memory,
            heard=decision.heard,
            moment=self._house.clock(),
            language=decision.memory.language or library.languages[0].code,
            text=event.text if isinstance(event, TextSaid) else "",
            position=position,
            caseworker=event.caseworker,
        )

    async def _perform(self, scene: Scene, steps: Sequence[Step]) -> tuple[list[Performed], Memory]:
        performed = []
        for step in steps:
            came_to = await self._one(scene, step)
            scene = replace(scene, memory=came_to.memory or scene.memory)
            performed.append(came_to)
        return performed, scene.memory

    async def _one(self, scene: Scene, step: Step) -> Performed:
        try:
            return await PERFORMERS[step](scene)
        except Exception as error:
            _log.error("step failed", step=step.value, error=describe(error))
            return await say_trouble(scene)

    def _settle(self, person: bytes, decision: Decision, after: Memory) -> None:
        if decision.heard.trigger in _FORGETTING:
            self._sessions.forget(person)
        else:
            self._sessions.keep(person, after)

    def _close(
        self, scene: Scene, performed: list[Performed], person: bytes, language: str | None
    ) -> list[Reply]:
        outcome, need = _ending(performed)
        happening = _happening(scene, performed, outcome, need)
        try:
            self._house.counter.count(happening, person, scene.moment)
        except Exception as error:
            _log.error("count failed", part="demand", error=describe(error))
        _log.debug("turn", outcome=outcome.value)
        replies = [reply for came_to in performed for reply in came_to.replies]
        replies = offered(scene, outcome, _offer_language(scene, replies, language))
        return [replace(reply, outcome=outcome.value) for reply in replies]


def _happening(scene: Scene, performed: Sequence[Performed], outcome: Outcome, need: str | None) -> Happening:
    """What is handed to the count. A turn that only led on (a menu, a choice) belongs to no place's figures."""
    told = any(came_to.outcome for came_to in performed)
    place = scene.place.code if scene.place and told else None
    return Happening(place, need, outcome, scene.language)


def _ending(performed: Sequence[Performed]) -> tuple[Outcome, str | None]:
    """The one outcome of a turn, and the need to count it for; danger is never counted by need."""
    ends = [(came_to.outcome, came_to.need) for came_to in performed if came_to.outcome]
    for heavy in _WEIGHT:
        if any(outcome is heavy for outcome, _ in ends):
            return heavy, None
    outcome, need = ends[-1] if ends else (Outcome.ANSWERED, None)
    return outcome or Outcome.ANSWERED, need


def _with_hint(memory: Memory, event: Event, library: Library) -> Memory:
    """A first guess of the language from what the channel knows."""
    hint = (event.language_hint or "").replace("_", "-").split("-")[0].lower()
    known = {language.code for language in library.languages}
    return replace(memory, language=hint) if memory.language is None and hint in known else memory


def _with_language(memory: Memory, heard: Heard, event: Event, library: Library) -> tuple[Memory, str | None]:
    """The memory in the language of this turn, and a language to offer when the person wrote in another one."""
    known = {language.code for language in library.languages}
    if heard.language not in known or heard.language == memory.language:
        chosen = memory.language_chosen or heard.trigger is Trigger.LANGUAGE_CHOSEN
        return replace(memory, language_chosen=chosen), None
    if heard.trigger is Trigger.LANGUAGE_CHOSEN:
        return replace(memory, language=heard.language, language_chosen=True), None
    if isinstance(event, ButtonPressed):
        fresh = memory.state is State.NEW and not memory.language_chosen
        return (replace(memory, language=heard.language) if fresh else memory), None
    if heard.trigger in _INTERNATIONAL and memory.state is not State.NEW:
        return memory, None
    if memory.language_chosen:
        return memory, heard.language
    return replace(memory, language=heard.language), None


def _offer_language(scene: Scene, replies: list[Reply], offered: str | None) -> list[Reply]:
    if not offered or not replies:
        return replies
    name = next(language.name for language in scene.library.languages if language.code == offered)
    button = scene.button(Action.LANGUAGE, name, language=offered)
    return [*replies[:-1], replace(replies[-1], buttons=(*replies[-1].buttons, button))]
