"""A place of another installation into this one: looked at first, then written whole or not at all.

Everything is tried on a copy of the content: only what would start and answer is written, and a failure while writing
brings back what stood there. Adopted content is noted in `adopted.yml`: from where, when, and who reviewed it there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.parcels.words import plan_words
from bot.parcels.zipped import DIRECTORY, ParcelError, unpacked
from content.adopting import Adoption, NotReadableError, planned
from content.library import Library
from content.loading import load_library
from content.packing import dumped
from content.place_words import PLACE_WORDS
from content.plain import read_plain
from content.problems import ContentProblemsError
from referrals.exchange import importing
from referrals.loading import read_seeds
from referrals.records import ServiceRecord

ADOPTED = "adopted.yml"
_HEADER = (
    b"# Places that came from other installations. Nobody has reviewed them here until a text says so.\n"
)


@dataclass(frozen=True)
class Found:
    """What adopting a file would do, or what keeps it from being adopted."""

    place: str
    origin: str
    exported: str
    content: Adoption
    services: Adoption
    problems: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[str, ...]:
        """What contradicts what stands here."""
        return (*self.content.conflicts, *self.services.conflicts)

    @property
    def new(self) -> tuple[str, ...]:
        """What is not here yet."""
        return (*self.content.new, *self.services.new)

    @property
    def same(self) -> int:
        """How much is here already, equal."""
        return self.content.same + self.services.same


class Adopter:
    """Adopts into one content folder and one folder of services."""

    def __init__(self, content: Path, services: Path) -> None:
        self._content = content
        self._services = services

    def look(self, parcel: bytes) -> Found:
        """What the file would do; ParcelError when it is none of ours."""
        manifest, files = unpacked(parcel)
        directory = files.pop(DIRECTORY, b"[]")
        words = files.pop(PLACE_WORDS, b"")
        read = importing.read_file("directory.json", directory)
        try:
            content = planned(self._content, files)
            plan_words(content, self._content, words)
        except NotReadableError as error:
            raise ParcelError(str(error)) from None
        services = self._plan_services(read.records)
        found = Found(manifest["place"], manifest["from"], manifest["exported"], content, services)
        told = [str(problem) for problem in read.problems] or self._try_on_copy(found)
        return Found(**{**vars(found), "problems": tuple(told)})

    def adopt(self, found: Found, today: date) -> int:
        """Write what was found; the number of files. Nothing is written while there is a problem."""
        if found.problems:
            raise ParcelError("It has problems, so nothing was written.")
        files = {self._content / name: made for name, made in found.content.files.items()}
        files |= {self._services / name: made for name, made in found.services.files.items()}
        if files:
            files[self._content / ADOPTED] = self._noted(found, today)
            _write_all(files)
        return len(files)

    def _plan_services(self, records: tuple[ServiceRecord, ...]) -> Adoption:
        """Services by the file of their place. What stands here under the same code stays."""
        plan, by_place = Adoption(), dict[str, list[ServiceRecord]]()
        for record in records:
            by_place.setdefault(record.place, []).append(record)
        for place, some in by_place.items():
            name = f"{place}.yml"
            text, listed = self._listed(name)
            # In one order: the directory keeps another than the files.
            known = {code: importing.in_table_order(record, None) for code, record in listed.items()}
            some = [importing.in_table_order(record, known.get(record.id)) for record in some]
            added = [record for record in some if record.id not in known]
            plan.new += [f"service {record.id}: {record.name}" for record in added]
            plan.conflicts += [
                f"service {one.id}: stands here otherwise" for one in some if known.get(one.id, one) != one
            ]
            plan.same += sum(known.get(record.id) == record for record in some)
            if added:
                plan.files[name] = text + dumped([_entry(record) for record in added])
        return plan

    def _listed(self, name: str) -> tuple[bytes, Mapping[str, ServiceRecord]]:
        path = self._services / name
        records = read_seeds(self._services)[0] if path.is_file() else ()
        text = path.read_bytes() if path.is_file() else b""
        known = {record.id: record for record in records if f"{record.place}.yml" == name}
        return text if known else b"", known

    def _try_on_copy(self, found: Found) -> list[str]:
        """What would be wrong with content and services together, if this were written."""
        with tempfile.TemporaryDirectory() as folder:
            content, services = Path(folder) / "content", Path(folder) / "services"
            shutil.copytree(self._content, content)
            shutil.copytree(self._services, services) if self._services.is_dir() else services.mkdir()
            _write_all({content / name: made for name, made in found.content.files.items()})
            _write_all({services / name: made for name, made in found.services.files.items()})
            try:
                library = load_library(content)
            except ContentProblemsError as error:
                return [str(problem) for problem in error.problems]
            return [str(problem) for problem in read_seeds(services, **known_codes(library))[1]]

    def _noted(self, found: Found, today: date) -> bytes:
        path = self._content / ADOPTED
        there: list[Any] = (read_plain(path.read_text("utf-8")) or []) if path.is_file() else []
        entry = {
            "place": found.place, "from": found.origin, "exported": found.exported, "adopted": today.isoformat(),
            "files": sorted(found.content.files), "services": len(found.services.new),
            "reviewed_there": found.content.reviewed_there,
        }  # fmt: skip
        return _HEADER + dumped([*there, entry])


def known_codes(library: Library) -> dict[str, Any]:
    """The needs and places that services may name."""
    places = {code for place in library.places.all for code in (place.code, place.country)}
    return {"needs": library.taxonomy.needs, "places": places}


def _entry(record: ServiceRecord) -> dict[str, Any]:
    """A record as a seed is written: without what is not known."""
    plain = record.model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in plain.items() if value not in (None, [], {})}


def _write_all(files: Mapping[Path, bytes]) -> None:
    """Write files; when one fails, everything is as it was."""
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    try:
        for path, made in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
    except OSError:
        for path, old in before.items():
            path.unlink(missing_ok=True) if old is None else path.write_bytes(old)
        raise
