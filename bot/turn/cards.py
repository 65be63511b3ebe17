"""An answer as one message that stands alone when it is forwarded: title, text, date, who reviewed it, source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.logs import describe, get_log
from bot.replies import Call, Reply
from bot.turn.scene import Scene
from content.emergency import EmergencyNumber
from content.library import Shown
from content.places import Place
from referrals.doors import Reason
from referrals.reasons import in_words

_log = get_log("turn")
_MOST_SOURCES = 2
_MOST_NUMBERS = 4


def card(scene: Scene, shown: Shown, place: Place, away: Sequence[tuple[str, Reason]] = ()) -> Reply:
    """The card of an answer; for a need with numbers to call, these stand before everything else.

    `away` are services that the text is about and that attend nobody today: nobody should read first to go there.
    """
    numbers = scene.library.emergency(place.code, need=shown.need)[:_MOST_NUMBERS]
    blocks = [
        f"# {shown.title} · {place.name(scene.language)}",
        _language_note(scene, shown),
        _numbers_block(scene, shown.need, numbers),
        _away_block(scene, place, away),
        *shown.paragraphs,
        "\n".join(_foot(scene, shown)),
    ]
    return scene.reply(
        "\n\n".join(block for block in blocks if block),
        need=shown.need, place=place.code, code=shown.code or None, calls=calls_of(numbers),
    )  # fmt: skip


async def current_card(scene: Scene, shown: Shown, place: Place) -> Reply:
    """The card with what the directory knows today of the services it names; without it when the directory fails."""
    away: Sequence[tuple[str, Reason]] = ()
    if shown.services:
        try:
            away = await scene.house.directory.away(shown.services, place.code, scene.moment)
        except Exception as error:
            _log.warning("services of a text not looked up", error=describe(error))
    return card(scene, shown, place, away)


def missing_card(scene: Scene, need: str, place: Place) -> Reply:
    """The honest card where nobody wrote an answer."""
    name = place.name(scene.language)
    text = scene.w("We have no checked information about this in {place} yet.", place=name)
    return scene.reply(f"# {scene.title(need)} · {name}\n\n{text}", need=need, place=place.code)


def number_lines(numbers: Iterable[EmergencyNumber], language: str) -> list[str]:
    """Numbers to call, one a line: the number first, because it is what one looks for."""
    return [f"{number.number}  {number.name}: {number.used_for(language)}" for number in numbers]


def calls_of(numbers: Iterable[EmergencyNumber]) -> tuple[Call, ...]:
    """The same numbers for faces that make them links."""
    return tuple(Call(number.number, number.tel) for number in numbers)


def _language_note(scene: Scene, shown: Shown) -> str | None:
    if shown.in_asked_language:
        return None
    names = {language.code: language.name for language in scene.library.languages}
    return scene.w(
        "This is not written in {asked} yet. Here it is in {language}.",
        asked=names[scene.language], language=names[shown.language],
    )  # fmt: skip


def _numbers_block(scene: Scene, need: str, numbers: tuple[EmergencyNumber, ...]) -> str | None:
    if not numbers:
        return None
    danger = scene.library.taxonomy.needs[need].sensitive or need == "health.emergency"
    title = scene.w("If you are in danger now, call:") if danger else scene.w("Numbers you can call:")
    return "\n".join([title, *number_lines(numbers, scene.language)])


def _away_block(scene: Scene, place: Place, away: Sequence[tuple[str, Reason]]) -> str | None:
    if not away:
        return None
    lines = [f"{name}: {in_words(reason, scene.w, place.time_zone)}" for name, reason in away]
    return "\n".join([scene.w("Good to know before you go:"), *lines])


def _foot(scene: Scene, shown: Shown) -> list[str]:
    review = "" if shown.reviewed else scene.w("Not reviewed by the city yet.")
    sources = [_sentence(source.title, source.url) for source in shown.sources[:_MOST_SOURCES]]
    label = scene.w("Source")
    return [f"{shown.dated} {review}".strip(), *(f"{label}: {source}" for source in sources)]


def _sentence(title: str, url: str) -> str:
    """The title as a sentence, before its address; one that asks needs no full stop."""
    return f"{title}{'' if title.endswith(('?', '!', '.')) else '.'} {url}".strip()
