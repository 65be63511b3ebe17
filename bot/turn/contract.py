"""A reply as the one JSON object that scripts read, the same in the terminal and in the web chat."""

from __future__ import annotations

from typing import Any

from bot.replies import Reply


def as_json(reply: Reply) -> dict[str, Any]:
    """The fields of the contract, and nothing that a script could not press or read."""
    return {
        "kind": reply.kind,
        "text": reply.text,
        "buttons": [{"label": button.label} for button in reply.buttons],
        "need": reply.need,
        "services": list(reply.services),
        "outcome": reply.outcome,
    }
