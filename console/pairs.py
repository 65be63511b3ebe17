"""Services that may be the same: nearly the same name, or a telephone of another organization's.

What was found holds until the directory changes; then only names that changed are compared again. Which places may be
read stands in every query.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from console import finding, records
from console.dialects import by_letter
from console.likeness import Names
from console.remembering import Remembered
from referrals.records import ServiceRecord
from referrals.tables import Phone, Service

# Short numbers are shared by many services and say nothing.
_SHORT = 6
_KEPT = 32
Found = tuple[str, str, str]  # the codes of both, and by what they are alike


@dataclass(frozen=True)
class Pair:
    """Two services of one place that may be one, and by what."""

    first: ServiceRecord
    second: ServiceRecord
    by: str


@dataclass(frozen=True)
class Asked:
    """Which pairs are asked for: of these places, of one of them, of a need, and how many at most."""

    places: frozenset[str]
    place: str
    need: str
    at_most: int


class Pairs:
    """Finds pairs and remembers them; one for the whole console."""

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self._names: OrderedDict[tuple[str, str], Names] = OrderedDict()

    async def first(self, session: AsyncSession, asked: Asked) -> list[Pair]:
        """The first pairs: place by place, those alike in name first, in the order of their codes."""
        found = await self._remembered.get(session, asked, lambda: self._look(session, asked))
        codes = {code for one in found for code in one[:2]}
        read = {one.id: one for one in await records.some(session, codes, asked.places)}
        return [Pair(read[one], read[other], by) for one, other, by in found if {one, other} <= read.keys()]

    async def _look(self, session: AsyncSession, asked: Asked) -> list[Found]:
        named, called = await _named(session, asked), await _called(session, asked)
        return await asyncio.to_thread(self._pairs, named, called, asked)

    def _pairs(
        self, named: Mapping[str, Mapping[str, str]], called: Mapping[str, Sequence[Found]], asked: Asked
    ) -> list[Found]:
        made: dict[tuple[str, str], Found] = {}
        for place, names in named.items():
            missing = asked.at_most - len(made)
            if missing <= 0:
                break
            known = self._of((place, asked.need))
            alike = [(*pair, "name") for pair in known.alike(names, missing)]
            for one in (*alike, *called.get(place, ())):
                made.setdefault(one[:2], one)
        return list(made.values())[: asked.at_most]

    def _of(self, key: tuple[str, str]) -> Names:
        """The names of a place and a need that were compared already."""
        known = self._names.pop(key) if key in self._names else Names()
        self._names[key] = known
        if len(self._names) > _KEPT:
            self._names.popitem(last=False)
        return known


async def _named(session: AsyncSession, asked: Asked) -> dict[str, dict[str, str]]:
    """The names by code by place, in the order of the codes."""
    query = select(Service.place, Service.id, Service.folded_name).where(*_listed(asked))
    named: dict[str, dict[str, str]] = {}
    for place, code, name in await session.execute(query.order_by(by_letter(Service.id))):
        named.setdefault(place, {})[code] = name
    return named


async def _called(session: AsyncSession, asked: Asked) -> dict[str, list[Found]]:
    """Services of a place with the telephone of another one, by place. Offices of one organization share theirs; that
    is no doubt about them."""
    listed = _listed(asked)
    of = select(Service.place, Phone.tel).join(Service, Service.id == Phone.service_id)
    shared = (
        of.where(*listed, func.length(Phone.number) > _SHORT)
        .group_by(Service.place, Phone.tel)
        .having(func.min(Service.organization_id) != func.max(Service.organization_id))
        .subquery()
    )
    query = (
        select(Service.place, Phone.tel, Service.id, Service.organization_id)
        .join(Phone, Phone.service_id == Service.id)
        .join(shared, (shared.c.place == Service.place) & (shared.c.tel == Phone.tel))
        .where(*listed, func.length(Phone.number) > _SHORT)
        .order_by(by_letter(Service.id), Phone.position)
    )
    return _second_ones((await session.execute(query)).all())


def _second_ones(rows: Iterable[Sequence[str]]) -> dict[str, list[Found]]:
    first: dict[tuple[str, str], tuple[str, str]] = {}
    made: dict[str, list[Found]] = {}
    for place, tel, code, organization in rows:
        other, its = first.setdefault((place, tel), (code, organization))
        if other != code and its != organization:
            made.setdefault(place, []).append((other, code, "phones"))
    return made


def _listed(asked: Asked) -> list[ColumnElement[bool]]:
    return [Service.status == "active", *finding.of_place_and_need(asked.places, asked.place, asked.need)]
