"""Danger first: what to do this minute and whom to call, in the place or, when it is unknown, in every country.

Uses nothing but texts that are already in memory: neither a model nor a database can delay it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button
from bot.turn import keyboard
from bot.turn.answering import first_doors
from bot.turn.cards import calls_of, number_lines
from bot.turn.doors_text import calls, doors_text
from bot.turn.scene import Performed, Scene
from content.emergency import EmergencyNumber
from content.places import Place
from demand.outcomes import Outcome
from referrals.doors import Door

_MOST_HERE, _MOST_ELSEWHERE = 4, 2
# Where the words of danger point when no need was clear. "violence" may be anybody's: the person chooses.
_NEAR = {
    "violence": ("protection.gender_violence", "protection.threats"),
    "sexual_violence": ("protection.gender_violence",),
    "self_harm": ("health.mental",),
    "trafficking": ("protection.trafficking",),
    "child_alone": ("protection.child",),
    "detention": ("legal.detention",),
    "threats": ("protection.threats",),
    "medical": ("health.emergency",),
}


async def give_safety(scene: Scene) -> Performed:
    """The safety text and the numbers, before anything else."""
    kind = scene.heard.danger or "general"
    numbers, lines = _here(scene, scene.place, kind) if scene.place else _everywhere(scene, kind)
    text = "\n\n".join([
        "# " + scene.w("Your safety comes first"),
        "\n".join([scene.w("Call now:"), *lines]),
        scene.library.safety(kind, scene.language),
    ])  # fmt: skip
    if not scene.library.safety_reviewed(kind):
        text += "\n\n" + scene.w("Not reviewed by the city yet.")
    reply = scene.reply(text, _buttons(scene, kind), urgent=True, calls=calls_of(numbers))
    return Performed((reply,), Outcome.EMERGENCY)


async def name_people(scene: Scene) -> Performed:
    """Whoever wants a person: free lawyers and orientation with their doors, and the numbers for danger."""
    text = scene.w("I am a program, not a person. At these places people listen to you and help for free.")
    numbers, lines = _here(scene, scene.place, None) if scene.place else _everywhere(scene, None)
    danger = "\n".join([scene.w("If you are in danger now, call:"), *lines])
    people = keyboard.needs(scene, ("legal.advice", "city.orientation", "health.mental"))
    buttons = (
        [*people, keyboard.menu(scene)]
        if scene.place
        else [*people, keyboard.other_place(scene), keyboard.menu(scene)]
    )
    doors = await first_doors(scene, ("legal.advice", "city.orientation"), scene.place) if scene.place else ()
    parts = [text, *_listeners(scene, doors), danger]
    reply = scene.reply(
        "\n\n".join(parts), buttons, services=tuple(door.service_id for door in doors),
        calls=(*calls(doors), *calls_of(numbers)), numbered=keyboard.numbered(scene, doors),
    )  # fmt: skip
    return Performed((reply,))


def _listeners(scene: Scene, doors: Sequence[Door]) -> list[str]:
    if scene.place is None or not doors:
        return []
    return [doors_text(doors, scene.w, scene.local(scene.place), scene.place.time_zone)]


def _buttons(scene: Scene, kind: str) -> list[Button]:
    """The need that was heard, else what the engine thought of; to somebody who speaks of dying only what helps."""
    guesses = () if kind == "self_harm" else scene.heard.candidates
    codes = (scene.heard.need,) if scene.heard.need else (*guesses, *_NEAR.get(kind, ()))
    near = keyboard.needs(scene, [code for code in codes if code in scene.library.taxonomy.needs][:3])
    return [*near, keyboard.human(scene), keyboard.safe_exit(scene)]


def _here(scene: Scene, place: Place, kind: str | None) -> tuple[list[EmergencyNumber], list[str]]:
    numbers = _numbers(scene, place, kind)[:_MOST_HERE]
    return numbers, number_lines(numbers, scene.language)


def _everywhere(scene: Scene, kind: str | None) -> tuple[list[EmergencyNumber], list[str]]:
    """One line for each country, named by its places."""
    by_country: dict[str, list[Place]] = {}
    for place in scene.library.places.open:
        by_country.setdefault(place.country, []).append(place)
    found, lines = [], []
    for places in by_country.values():
        numbers = _numbers(scene, places[0], kind)[:_MOST_ELSEWHERE]
        found += numbers
        names = ", ".join(place.name(scene.language) for place in places)
        lines.append(f"{names}: " + " · ".join(f"{number.number} ({number.name})" for number in numbers))
    return found, lines


def _numbers(scene: Scene, place: Place, kind: str | None) -> list[EmergencyNumber]:
    wanted = None if kind in (None, "general") else kind
    return list(scene.library.emergency(place.code, danger=wanted) or scene.library.emergency(place.code))
