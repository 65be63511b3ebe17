"""What was heard: a reading, a button or a command, turned into one trigger and its codes.

Danger comes first, whatever else the message holds. Pure: the same reading in the same memory is heard the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.conversation.memory import Memory, State
from bot.conversation.table import Trigger
from content.folding import without_accents
from nlu.reading import NotUnderstood, Read, Reading, Understood, Unreachable, Unsure

MOST_CANDIDATES = 3
DANGER_LABEL = "danger_now"
_WORTH_CARE = 0.05
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
# "The same", "and there?" in the five languages, without accents.
_SAME = frozenset(("mismo", "misma", "igual", "mesmo", "mesma", "same", "meme", "pareil", "menm"))
# What may stand around the name of a place in a message that says nothing else.
_AROUND = frozenset(
    [
        "a",
        "ahora",
        "agora",
        "am",
        "an",
        "au",
        "aqui",
        "aca",
        "bairro",
        "barrio",
        "cerca",
        "da",
        "del",
        "el",
        "katye",
        "o",
        "perto",
        "por",
        "quartier",
        "sector",
        "setor",
        "zona",
        "city",
        "ciudad",
        "cidade",
        "dans",
        "de",
        "do",
        "em",
        "en",
        "estado",
        "estamos",
        "estoy",
        "estou",
        "esta",
        "eu",
        "i",
        "in",
        "je",
        "kounye",
        "la",
        "lavil",
        "mi",
        "minha",
        "moro",
        "mora",
        "moramos",
        "mwen",
        "my",
        "na",
        "nan",
        "no",
        "now",
        "nos",
        "nou",
        "nous",
        "now",
        "of",
        "on",
        "pa",
        "province",
        "provincia",
        "que",
        "resido",
        "sao",
        "se",
        "si",
        "sim",
        "sommes",
        "somos",
        "soy",
        "sou",
        "suis",
        "the",
        "to",
        "un",
        "vil",
        "ville",
        "vivo",
        "vivimos",
        "vivemos",
        "we",
        "y",
        "yes",
        "yo",
        "je",
        "j",
        "habite",
        "viv",
        "mwen",
        "rete",
        "we",
        "are",
        "live",
        "l",
    ]
)


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


def folded(text: str) -> list[str]:
    """The words of a text in lower case, without accents."""
    return re.findall(r"[a-z0-9]+", without_accents(text.lower()))


def says_only_a_place(text: str, names: Iterable[str]) -> bool:
    """Whether a message names a place and says nothing else."""
    known = {word for name in names for word in folded(name)}
    words = folded(text)
    return any(word in known for word in words) and all(word in known or word in _AROUND for word in words)


def asks_the_same(text: str) -> bool:
    """Whether a message asks for the same again, as in "the same in São Paulo"."""
    return not _SAME.isdisjoint(folded(text)) and len(folded(text)) <= 9


def hear_reading(
    reading: Reading, text: str, memory: Memory, needs: Collection[str], names: Iterable[str] = ()
) -> Heard:
    """What a free text says. `names` are those of the place that the reading found in it; a district of it counts too."""
    if isinstance(reading, Unreachable):
        return Heard(Trigger.ENGINE_DOWN)
    need = reading.label if isinstance(reading, Understood) and reading.label in needs else None
    if reading.danger or (isinstance(reading, Understood) and reading.label == DANGER_LABEL):
        return _danger(reading, need, needs)
    place = reading.entities.place
    if place and place != memory.place and memory.need and asks_the_same(text):
        return Heard(Trigger.SAME_ELSEWHERE, need=memory.need, place=place, language=reading.language)
    if place and says_only_a_place(text, (*names, reading.entities.named or "")):
        return Heard(Trigger.PLACE_NAMED, place=place, language=reading.language)
    if need:
        return _need(reading, need, needs)
    return _dialogue(reading) or _choice(reading, memory, needs)


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


def _dialogue(reading: Read) -> Heard | None:
    if not isinstance(reading, Understood) or reading.label not in DIALOGUE:
        return None
    trigger, place = DIALOGUE[reading.label], reading.entities.place
    if trigger is Trigger.PLACE_ASKED and place:
        trigger = Trigger.PLACE_NAMED
    return Heard(trigger, place=place, language=reading.language)


def _choice(reading: Read, memory: Memory, needs: Collection[str]) -> Heard:
    candidates = _candidates(reading, needs) if isinstance(reading, Unsure) else ()
    shared = {
        "place": reading.entities.place, "language": reading.language, "profile": reading.entities.profile,
        "near": _near(reading, needs),
    }  # fmt: skip
    if candidates:
        return Heard(Trigger.NEED_UNSURE, candidates=candidates, **shared)  # type: ignore[arg-type]
    if isinstance(reading, NotUnderstood) and reading.entities.place and memory.state is State.ASKING_PLACE:
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
