"""Loads the seeds of this version into the directory, once for each state of them. Never loads a part of them."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from typing import TYPE_CHECKING

from bot.logs import get_log
from bot.settings import Settings
from content.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.database import Sessions as DirectorySessions
    from referrals.loading import SeedProblem
    from referrals.records import ServiceRecord

_log = get_log("wiring")


def seeds_of(
    settings: Settings, library: Library
) -> Callable[[], tuple[tuple[ServiceRecord, ...], tuple[SeedProblem, ...]]]:
    """Reads the seeds, which may name what the library knows and nothing else."""
    from referrals.loading import read_seeds

    places = {code for place in library.places.all for code in (place.code, place.country)}
    return partial(read_seeds, settings.services_root, needs=library.taxonomy.needs, places=places)


async def load_new_seeds(
    settings: Settings, library: Library, sessions: DirectorySessions, *, known: bool
) -> bool:
    """Load the seeds unless these very seeds were loaded before; reading them takes half of a second start."""
    from referrals.loading import load_seeds

    mark = settings.data_dir / "seeds.mark"
    fingerprint = _fingerprint(settings)
    if known and mark.is_file() and mark.read_text("utf-8") == fingerprint:
        return False
    records, problems = await asyncio.to_thread(seeds_of(settings, library))
    for problem in problems:
        _log.error("seed problem", where=f"{problem.file}: {problem.entry}", reason=problem.what)
    if not problems:
        await load_seeds(sessions, records)
        mark.write_text(fingerprint, "utf-8")
    return not problems


def _fingerprint(settings: Settings) -> str:
    contents = b"".join(path.read_bytes() for path in sorted(settings.services_root.glob("*.yml")))
    return hashlib.sha256(contents).hexdigest()
