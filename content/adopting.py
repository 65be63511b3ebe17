"""Another installation's place into a content folder: what is new, what is the same, what contradicts what stands here.

What stands here is never overwritten: a contradiction is named, and is either a reason to stop or stays as it is here.
Sources and dates come as they are; who reviewed a text there has not reviewed it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from content.packing import LISTS, NAMES, PLACES, SEEN, dumped
from content.plain import read_plain


class NotReadableError(ValueError):
    """A file of the package is not what its name says; the sentence names it."""


@dataclass
class Adoption:
    """What adopting would do: files to write, and in words what is new, the same, and in contradiction."""

    files: dict[str, bytes] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    reviewed_there: dict[str, list[str]] = field(default_factory=dict)
    same: int = 0


def planned(root: Path, packed: Mapping[str, bytes]) -> Adoption:
    """What would be written below a content folder; NotReadableError for a package that is not one."""
    plan = Adoption()
    for name, content in sorted(packed.items()):
        read = _read(name, content)
        last = name.rpartition("/")[2]
        if name == PLACES or last in LISTS:
            _plan_list(plan, root, name, read, LISTS.get(last, "code"))
        elif last == NAMES:
            _plan_names(plan, root, name, read)
        elif name != SEEN:
            _plan_answer(plan, root, name, content, read)
    if SEEN in packed:
        _plan_seen(plan, root, _read(SEEN, packed[SEEN]))
    return plan


def _read(name: str, content: bytes) -> Any:
    try:
        return read_plain(content.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotReadableError(f"{name} is not a document of ours: {type(error).__name__}.") from None


def _here(root: Path, name: str) -> tuple[str, Any]:
    path = root / name
    text = path.read_text("utf-8") if path.is_file() else ""
    return text, read_plain(text) if text else None


def _plan_list(plan: Adoption, root: Path, name: str, entries: Any, key: str) -> None:
    """Entries that are not here are added at the end, so that comments and order of what stands here stay."""
    text, there = _here(root, name)
    known = {entry[key]: entry for entry in there or ()}
    if not isinstance(entries or [], list) or not all(
        isinstance(one, dict) and isinstance(one.get(key), str) for one in entries or ()
    ):
        raise NotReadableError(f"{name} is not a list of entries with a {key}.")
    added = []
    for entry in entries or ():
        code = entry[key]
        if code not in known:
            added.append(entry)
            plan.new.append(f"{name}: {code}")
        elif known[code] != entry:
            differing = sorted(k for k in {*known[code], *entry} if known[code].get(k) != entry.get(k))
            plan.conflicts.append(f"{name}: {code}: {', '.join(differing)} differ")
        else:
            plan.same += 1
    if added or not text:
        kept = text if known else "".join(f"{line}\n" for line in text.splitlines() if line.startswith("#"))
        plan.files[name] = _joined(kept, dumped(added) if added else b"[]\n" if not known else b"")


def _joined(text: str, more: bytes) -> bytes:
    return (text if not text or text.endswith("\n") else f"{text}\n").encode() + more


def _plan_names(plan: Adoption, root: Path, name: str, names: Any) -> None:
    text, there = _here(root, name)
    if not isinstance(names or [], list) or not all(isinstance(one, str) for one in names or ()):
        raise NotReadableError(f"{name} is not a list of names.")
    added = [one for one in names or () if one not in (there or ())]
    plan.new += [f"{name}: {one}" for one in added]
    plan.same += len(names or ()) - len(added)
    if added or not text:
        kept = text if there else ""
        plan.files[name] = _joined(kept, dumped(added) if added or not there else b"")


def _plan_answer(plan: Adoption, root: Path, name: str, content: bytes, answer: Any) -> None:
    if not isinstance(answer, dict):
        raise NotReadableError(f"{name} is not an answer.")
    reviewers = answer.get("reviewed_by") or []
    _, there = _here(root, name)
    if there is None:
        plan.new.append(name)
        plan.files[name] = dumped({**answer, "reviewed_by": []}) if reviewers else content
        if reviewers:
            plan.reviewed_there[name] = [str(one) for one in reviewers]
    elif _unreviewed(there) != _unreviewed(answer):
        plan.conflicts.append(f"{name}: another text stands here")
    else:
        plan.same += 1


def _unreviewed(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "reviewed_by"}


def _plan_seen(plan: Adoption, root: Path, marks: Any) -> None:
    """The marks of adopted texts: they were read against their facts where they were written."""
    adopted = {name: mark for name, mark in (marks or {}).items() if name in plan.files}
    _, there = _here(root, SEEN)
    if adopted:
        plan.files[SEEN] = dumped(dict(sorted({**(there or {}), **adopted}.items())))
