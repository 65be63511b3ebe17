"""Secrets out of files: credentials that systemd (or who does as it) hands over, and files that `ORIENTA_…_FILE` names.

What a file holds is never repeated in a complaint.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

SUFFIX = "_FILE"
CREDENTIALS = "CREDENTIALS_DIRECTORY"


class SecretFileError(OSError):
    """A file that was named cannot be used; the message says which, and why."""


def secrets_in_files(variables: Mapping[str, str]) -> dict[str, str]:
    """What the files hold that are there for some of the variables, by the setting of the variable.

    SecretFileError with a line for each that cannot be used.
    """
    found, complaints = {}, []
    for setting, variable in variables.items():
        try:
            if files := dict(_files(setting, variable)):
                found[setting] = _held(variable, files)
        except SecretFileError as error:
            complaints.append(str(error))
    if complaints:
        raise SecretFileError("\n".join(complaints))
    return found


def credential_of(setting: str) -> str:
    """The name of the credential that holds a setting: `secret-key`."""
    return setting.replace("_", "-")


def _files(setting: str, variable: str) -> Iterator[tuple[Path, str]]:
    """Each file that is there for a setting, with how it was named. One that was named twice is one."""
    folder, named = os.environ.get(CREDENTIALS), os.environ.get(variable + SUFFIX)
    credential = Path(folder, credential_of(setting)) if folder else None
    if credential is not None and credential.is_file():
        yield credential, f"{variable} (credential {credential.name})"
    if named:
        yield Path(named), variable + SUFFIX


def _held(variable: str, files: Mapping[Path, str]) -> str:
    [(path, said), *others] = files.items()
    if os.environ.get(variable):
        raise SecretFileError(f"{said}: {variable} is set too. Keep one of them.")
    if others:
        raise SecretFileError(f"{said}: {others[0][1]} is set too. Keep one of them.")
    try:
        return text_in(path)
    except SecretFileError as error:
        raise SecretFileError(f"{said}: {error}.") from None


def text_in(path: Path) -> str:
    """What a file holds at this moment, without the line end that editors add."""
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        raise SecretFileError(f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SecretFileError(f"{path} is no text in UTF-8") from None
    if not text:
        raise SecretFileError(f"{path} is empty")
    return text
