"""Puts places, profile and moment of a message together; each is found by its own rules and data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.embedded.words import words_of
from nlu.entities.moments import Calendar, read_calendar
from nlu.entities.people import Profiles, read_profiles
from nlu.entities.places import Gazetteer, read_gazetteer
from nlu.reading import Context, Entities


@dataclass(frozen=True)
class EntityRules:
    """All entity rules; `of` gives what a message names, never an exception."""

    gazetteer: Gazetteer
    profiles: Profiles
    calendar: Calendar

    def of(self, text: str, context: Context) -> Entities:
        """The entities of a message; the moment is told on the clock of the named or known place."""
        words = words_of(text)
        place = self.gazetteer.find(words)
        return Entities(
            place=place,
            profile=self.profiles.find(words),
            when=self.calendar.find(words, context.moment, place or context.place),
        )


@lru_cache(maxsize=1)
def entity_rules() -> EntityRules:
    """The rules of this folder, read once."""
    folder = Path(__file__).resolve().parent
    return EntityRules(
        read_gazetteer(folder / "places.yml"),
        read_profiles(folder / "people.yml"),
        read_calendar(folder / "moments.yml"),
    )
