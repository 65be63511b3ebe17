"""How a telephone dials what people read, so that one tap calls it.

Short numbers (171, 911) and freephone numbers stay as they are: no prefix is invented for them.
"""

from __future__ import annotations

import re

from referrals.doors import Phone

_EXTENSION = re.compile(r"(?:ext\.?|opción|opção|option|ramal|interno)\s*(\d+)\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d")


def tel_uri(number: str) -> str:
    """`+593 2 299 3200 ext. 23035` → `tel:+59322993200;ext=23035`; ValueError when nothing can be dialled."""
    extension = _EXTENSION.search(number)
    main = number[: extension.start()] if extension else number
    digits = "".join(_DIGITS.findall(main))
    if not 2 <= len(digits) <= 15:
        raise ValueError(f"{number!r} is not a telephone number: write it as +593 2 299 3200 or 171")
    plus = "+" if main.lstrip().startswith("+") else ""
    return f"tel:{plus}{digits}" + (f";ext={extension.group(1)}" if extension else "")


def as_phone(number: str) -> Phone:
    """The number as shown and as dialled."""
    return Phone(number, tel_uri(number))
