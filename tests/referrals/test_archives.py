"""An archive that would fill the machine is refused before it is unpacked, as a package and as a workbook."""

from __future__ import annotations

import io
import zipfile

import pytest

from referrals.exchange import archives, importing


def packed(files: dict[str, bytes]) -> bytes:
    """A ZIP file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("name", ["all.zip", "all.xlsx"])
def test_what_unpacks_to_too_much_is_told(name: str) -> None:
    """201 million zeros are 200 kilobytes; the answer is a sentence, not a full machine."""
    bomb = packed({"services.csv": b"0" * (archives.MOST_BYTES + 1_000_000)})
    assert len(bomb) < 1_000_000
    read, found, *_ = importing.read_file(name, bomb)
    assert read == ()
    assert "unpacks to more than" in found[0].what


@pytest.mark.parametrize("name", ["all.zip", "all.xlsx"])
def test_too_many_files_are_told(name: str) -> None:
    """Each needs memory of its own."""
    many = packed({f"{number}.csv": b"" for number in range(archives.MOST_FILES + 1)})
    assert "holds more than" in importing.read_file(name, many)[1][0].what
