"""What was heard: a reading, a button or a command, turned into one trigger and its codes.

Danger comes first, whatever else the message holds. Pure: the same reading in the same memory is heard the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.conversation.memory import Memory, State
from bot.conversation.phrases import (
    asks_about_doors,
    asks_again,
    asks_for_another,
    asks_nearer,
    asks_the_same,
    asks_there,
    folded,
    is_a_name,
    language_named,
    says_only_a_place,
    says_other_meant,
    says_unclear,
)
from bot.conversation.table import Trigger
from nlu.reading import NotUnderstood, Read, Reading, Understood, Unreachable, Unsure

MOST_CANDIDATES = 3
DANGER_LABEL = "danger_now"
ANOTHER = "another"  # the doors after those that were shown
_WORTH_CARE = 0.05
_WORDS_OF_A_NAME = 3  # "en Esmeraldas"
DIALOGUE: dict[str, Trigger] = {
    "greet": Trigger.GREETED,
    "goodbye": Trigger.SAID_GOODBYE,
    "thanks": Trigger.THANKED,
    "affirm": Trigger.AFFIRMED,
    "deny": Trigger.DENIED,
    "help": Trigger.HELP_ASKED,
    "change_city": Trigger.PLACE_ASKED,
    "change_language": Trigger.LANGUAGE_ASKED,
    "human": Trigger.HUMAN_ASKED,
    "privacy": Trigger.PRIVACY_ASKED,
    "forget_me": Trigger.FORGET_ASKED,
    "cost": Trigger.COST_ASKED,
    "complaint": Trigger.COMPLAINED,
    "out_of_scope": Trigger.OUT_OF_SCOPE,
}
COMMANDS: dict[str, Trigger] = {
    **dict.fromkeys(("start", "inicio", "iniciar", "demarrer", "komanse"), Trigger.STARTED),
    **dict.fromkeys(("menu", "meni"), Trigger.MENU_ASKED),
    **dict.fromkeys(("ciudad", "cidade", "city", "ville", "vil"), Trigger.PLACE_ASKED),
    **dict.fromkeys(("idioma", "language", "langue", "lang"), Trigger.LANGUAGE_ASKED),
    **dict.fromkeys(
        ("privacidad", "privacidade", "privacy", "confidentialite", "vi_prive"), Trigger.PRIVACY_ASKED
    ),
    **dict.fromkeys(("borrar", "apagar", "erase", "effacer", "efase"), Trigger.EXIT_ASKED),
    **dict.fromkeys(("ayuda", "ajuda", "help", "aide", "ed"), Trigger.HELP_ASKED),
    **dict.fromkeys(("olvidar", "esquecer", "forget", "oublier", "bliye"), Trigger.FORGET_ASKED),
    **dict.fromkeys(("persona", "pessoa", "human", "personne", "moun"), Trigger.HUMAN_ASKED),
}


# The same words without a slash, alone; a bare "help" may be a call for it and is read by the engine.
_WORDS = {
    word: trigger for word, trigger in COMMANDS.items() if trigger is not Trigger.HELP_ASKED
} | dict.fromkeys(("salir", "sair", "exit", "quitter", "soti"), Trigger.SAID_GOODBYE)


@dataclass(frozen=True)
class Heard:
    """One trigger with the codes that go with it. Nothing in it repeats what a person wrote."""

    trigger: Trigger
    need: str | None = None
    others: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    place: str | None = None
    language: str | None = None
    profile: tuple[str, ...] = ()
    danger: str | None = None
    number: int = 0
    item: str = ""
    changed: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def hear_reading(
    reading: Reading, text: str, memory: Memory, needs: Collection[str], names: Iterable[str] = ()
) -> Heard:
    """What a free text says. `names` are those of the place that the reading found in it; a district of it counts too."""
    if isinstance(reading, Unreachable):
        return Heard(Trigger.ENGINE_DOWN)
    need = reading.label if isinstance(reading, Understood) and reading.label in needs else None
    if reading.danger or _tells_of_danger(reading):
        return _danger(reading, need, needs)
    if phrase := _phrase(reading, need, text, memory, (*names, reading.entities.named or "")):
        return phrase
    if need:
        return _need(reading, need, needs)
    return _dialogue(reading, text, memory) or _choice(reading, text, memory, needs)


def _phrase(
    reading: Read, need: str | None, text: str, memory: Memory, names: tuple[str, ...]
) -> Heard | None:
    """What a whole short message says by its very words."""
    place, language = reading.entities.place, reading.language
    if trigger := _said_alone(text):
        return Heard(trigger, language=language)
    if place:
        return _place_alone(place, language, text, memory, names)
    return _after_answer(text, need, language, memory) if memory.state is State.ANSWERED else None


def _after_answer(text: str, need: str | None, language: str | None, memory: Memory) -> Heard | None:
    """What a short message says of the answer above it."""
    if says_other_meant(text):
        return Heard(Trigger.NONE_OF_THESE, language=language)
    if memory.need and asks_nearer(text):
        # Which is nearer is known by who says where they are: the place is asked again, for the same need.
        return Heard(Trigger.PLACE_ASKED, need=memory.need, language=language)
    if memory.need and asks_for_another(text):
        return Heard(Trigger.MORE_ASKED, need=memory.need, language=language, item=ANOTHER)
    about_doors = need == memory.need and asks_about_doors(text)
    return Heard(Trigger.MORE_ASKED, need=need, language=language) if need and about_doors else None


def _said_alone(text: str) -> Trigger | None:
    if asks_again(text):
        return Trigger.REPEAT_ASKED
    return Trigger.UNCLEAR if says_unclear(text) else _WORDS.get(" ".join(folded(text)))


def _place_alone(
    place: str, language: str | None, text: str, memory: Memory, names: tuple[str, ...]
) -> Heard | None:
    if place != memory.place and memory.need and (asks_the_same(text) or asks_there(text, names)):
        return Heard(Trigger.SAME_ELSEWHERE, need=memory.need, place=place, language=language)
    if not says_only_a_place(text, names):
        return None
    # A name is the same in every language: alone it changes none.
    return Heard(Trigger.PLACE_NAMED, place=place, language=None if is_a_name(text, names) else language)


def _tells_of_danger(reading: Read) -> bool:
    """Whether danger is what the engine heard first, surely or not: a needless card costs a glance."""
    if isinstance(reading, NotUnderstood):
        return False
    return any(candidate.label == DANGER_LABEL for candidate in reading.candidates[:1])


def _danger(reading: Read, need: str | None, needs: Collection[str]) -> Heard:
    return Heard(
        Trigger.DANGER,
        need=need,
        danger=reading.danger or "general",
        candidates=() if need else _candidates(reading, needs),
        place=reading.entities.place,
        language=reading.language,
        profile=reading.entities.profile,
    )


def _need(reading: Read, need: str, needs: Collection[str]) -> Heard:
    others = reading.others if isinstance(reading, Understood) else ()
    return Heard(
        Trigger.NEED_CLEAR,
        need=need,
        others=tuple(other for other in others if other in needs and other != need),
        place=reading.entities.place,
        language=reading.language,
        profile=reading.entities.profile,
    )


def _dialogue(reading: Read, text: str, memory: Memory) -> Heard | None:
    if not isinstance(reading, Understood) or reading.label not in DIALOGUE:
        return None
    trigger, place = DIALOGUE[reading.label], reading.entities.place
    if trigger is Trigger.PLACE_ASKED and place:
        trigger = Trigger.PLACE_NAMED
    elif trigger is Trigger.PLACE_ASKED and memory.state is State.ASKING_PLACE:
        trigger = Trigger.NOT_UNDERSTOOD  # the answer to "where are you?" names a place that we do not know
    elif trigger is Trigger.LANGUAGE_ASKED and (named := language_named(text)):
        return Heard(Trigger.LANGUAGE_CHOSEN, place=place, language=named)
    need = memory.need if trigger is Trigger.PLACE_ASKED and memory.state is State.ANSWERED else None
    return Heard(trigger, need=need, place=place, language=reading.language)


def _choice(reading: Read, text: str, memory: Memory, needs: Collection[str]) -> Heard:
    # Asked where they are, people answer with a name: guessing a need from one that is not known here misleads.
    names = memory.state is State.ASKING_PLACE and len(folded(text)) <= _WORDS_OF_A_NAME
    candidates = _candidates(reading, needs) if isinstance(reading, Unsure) and not names else ()
    shared = {
        "place": reading.entities.place, "language": reading.language, "profile": reading.entities.profile,
        "near": _near(reading, needs),
    }  # fmt: skip
    if candidates:
        return Heard(Trigger.NEED_UNSURE, candidates=candidates, **shared)  # type: ignore[arg-type]
    if not isinstance(reading, Understood) and reading.entities.place and memory.state is State.ASKING_PLACE:
        return Heard(Trigger.PLACE_NAMED, place=reading.entities.place)
    return Heard(Trigger.NOT_UNDERSTOOD, **shared)  # type: ignore[arg-type]


def _near(reading: Read, needs: Collection[str]) -> tuple[str, ...]:
    """What a message may touch although it was not understood: not offered, but treated with care."""
    known = {*needs, DANGER_LABEL}
    return tuple(c.label for c in reading.candidates if c.label in known and c.confidence >= _WORTH_CARE)


def _candidates(reading: Read, needs: Collection[str]) -> tuple[str, ...]:
    labels = (candidate.label for candidate in reading.candidates)
    return tuple(label for label in labels if label in needs)[:MOST_CANDIDATES]


def hear_command(name: str) -> Heard:
    """What a command asks for; one that nobody knows gets help."""
    plain = "_".join(folded(name.replace("_", " ")))
    return Heard(COMMANDS.get(plain, Trigger.HELP_ASKED))
