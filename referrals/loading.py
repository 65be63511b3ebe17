"""Seed files into the directory, on the first start and when a release brings better ones.

What a caseworker changed is never overwritten. Every problem of every file is reported at once, with the file,
the entry and what to do; nothing is loaded while there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy import select

from referrals.database import Sessions
from referrals.records import OrganizationRecord, ServiceRecord
from referrals.tables import Organization, Service
from referrals.writing import Mark, store

SEEDS = Path(__file__).parent / "seed"
_MAXIMUM_BYTES = 5_000_000


@dataclass(frozen=True, order=True)
class SeedProblem:
    """One thing to mend in a seed file."""

    file: str
    entry: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.what}. {self.remedy}"


def read_seeds(
    folder: Path = SEEDS, *, needs: Collection[str] | None = None, places: Collection[str] | None = None
) -> tuple[tuple[ServiceRecord, ...], tuple[SeedProblem, ...]]:
    """Every record of a folder and every problem; `needs` and `places`, when given, are all there may be."""
    records: list[ServiceRecord] = []
    problems: list[SeedProblem] = []
    for path in sorted(folder.glob("*.yml")):
        for entry, value in _entries(path, problems):
            _read_one(path, entry, value, records, problems)
    problems += _strangers(records, needs, places)
    problems += _twins(records)
    return tuple(records), tuple(problems)


def _entries(path: Path, problems: list[SeedProblem]) -> Iterable[tuple[str, Any]]:
    try:
        if path.stat().st_size > _MAXIMUM_BYTES:
            raise ValueError(f"the file is larger than {_MAXIMUM_BYTES} bytes")
        values = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
        if not isinstance(values, list):
            raise ValueError("the file is not a list of services")
    except (yaml.YAMLError, ValueError, OSError) as error:
        problems.append(
            SeedProblem(path.name, "whole file", str(error), "Mend the YAML: a list of services.")
        )
        return
    for number, value in enumerate(values, 1):
        name = value.get("id") if isinstance(value, dict) else None
        yield str(name or f"entry {number}"), value


def _read_one(
    path: Path, entry: str, value: Any, records: list[ServiceRecord], problems: list[SeedProblem]
) -> None:
    try:
        record = ServiceRecord.model_validate(value)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            where = ".".join(str(part) for part in one["loc"]) or "entry"
            what = f"{where}: {one['msg'].removeprefix('Value error, ')}"
            problems.append(SeedProblem(path.name, entry, what, _remedy(one["type"])))
        return
    if record.place != path.stem:
        remedy = f"Move it to {record.place}.yml or correct the place."
        problems.append(SeedProblem(path.name, entry, f"its place is {record.place}", remedy))
    records.append(record)


def _remedy(kind: str) -> str:
    known = {
        "missing": "Add the field.",
        "extra_forbidden": "Remove the field or correct its name.",
        "literal_error": "Use one of the words named.",
    }
    return known.get(kind, "Correct the value.")


def _strangers(
    records: Sequence[ServiceRecord], needs: Collection[str] | None, places: Collection[str] | None
) -> list[SeedProblem]:
    problems = []
    for record in records:
        file = f"{record.place}.yml"
        if places is not None and record.place not in places:
            remedy = f"Use one of {', '.join(sorted(places))}."
            problems.append(SeedProblem(file, record.id, f"unknown place {record.place}", remedy))
        for need in record.needs:
            if needs is not None and need not in needs:
                remedy = "Use a need code of the taxonomy."
                problems.append(SeedProblem(file, record.id, f"unknown need {need}", remedy))
    return problems


def _twins(records: Sequence[ServiceRecord]) -> list[SeedProblem]:
    seen: set[str] = set()
    problems = []
    for record in records:
        if record.id in seen:
            remedy = "Give each service an id of its own."
            problems.append(SeedProblem(f"{record.place}.yml", record.id, "the id stands twice", remedy))
        seen.add(record.id)
    described: dict[str, OrganizationRecord] = {}
    for record in records:
        if described.setdefault(record.organization.id, record.organization) != record.organization:
            what = f"organization {record.organization.name} is described in two ways"
            remedy = "Give it the same name, kind, url and email everywhere."
            problems.append(SeedProblem(f"{record.place}.yml", record.id, what, remedy))
    return problems


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    new: int
    renewed: int
    kept: int


async def load_seeds(sessions: Sessions, records: Sequence[ServiceRecord]) -> Loaded:
    """Bring seeds into the directory; the same seeds again change nothing, and edited services stay."""
    async with sessions.writing() as session:
        found = await session.execute(select(Service.id, Service.seed_digest, Service.edited, Service.origin))
        present = {row.id: row for row in found}
        known = set((await session.execute(select(Organization.id))).scalars())
        new = [record for record in records if record.id not in present]
        renewed = [
            record
            for record in records
            if (row := present.get(record.id)) is not None
            and row.origin == "seed" and not row.edited and row.seed_digest != digest(record)
        ]  # fmt: skip
        marked = [(record, Mark("seed", digest(record))) for record in (*new, *renewed)]
        if marked:
            await store(session, marked, keep_organizations=known)
        return Loaded(len(new), len(renewed), len(records) - len(marked))


def digest(record: ServiceRecord) -> str:
    """What a seed was, in 64 characters, to see whether a release changed it."""
    return hashlib.sha256(record.model_dump_json().encode()).hexdigest()


_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):  # type: ignore[misc]
    """A safe loader that leaves dates as they are written, so that one rule of ours reads them."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in _Fast.yaml_implicit_resolvers.items()
}
