"""Secrets out of files, as systemd credentials and Docker secrets hand them over: `ORIENTA_…_FILE` names the file.

What a file holds is never repeated in a complaint.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

SUFFIX = "_FILE"


class SecretFileError(Exception):
    """A file that was named cannot be used; the message says which setting, and why."""


def secrets_in_files(variables: Mapping[str, str]) -> dict[str, str]:
    """What the files hold that are named for some of the variables, by the setting of the variable.

    SecretFileError with a line for each that cannot be used.
    """
    found, complaints = {}, []
    for setting, variable in variables.items():
        if path := os.environ.get(variable + SUFFIX):
            try:
                found[setting] = _held(variable, Path(path))
            except SecretFileError as error:
                complaints.append(str(error))
    if complaints:
        raise SecretFileError("\n".join(complaints))
    return found


def _held(name: str, path: Path) -> str:
    if os.environ.get(name):
        raise SecretFileError(f"{name}{SUFFIX}: {name} is set too. Keep one of them.")
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        raise SecretFileError(f"{name}{SUFFIX}: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SecretFileError(f"{name}{SUFFIX}: {path} is no text in UTF-8.") from None
    if not text:
        raise SecretFileError(f"{name}{SUFFIX}: {path} is empty.")
    return text
