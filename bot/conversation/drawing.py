"""The conversation drawn from its table, for README; the drawing cannot differ from what runs."""

from __future__ import annotations

from collections import defaultdict

from bot.conversation.memory import State
from bot.conversation.table import ALWAYS, MOVES, Trigger

BEGIN, END = "<!-- conversation:begin -->", "<!-- conversation:end -->"
_LABELS_IN_A_LINE = 3


def mermaid() -> str:
    """A Mermaid state diagram: what holds from anywhere once, then where a state differs."""
    lines = ["stateDiagram-v2", "    [*] --> new", "    state anywhere {"]
    lines += [f"        {state.value}" for state in State]
    lines.append("    }")
    lines += _arrows("anywhere", {trigger: row.state for trigger, row in ALWAYS.items()})
    for state, rows in MOVES.items():
        lines += _arrows(state.value, {trigger: row.state or state for trigger, row in rows.items()})
    return "\n".join(lines)


def _arrows(start: str, targets: dict[Trigger, State | None]) -> list[str]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for trigger, target in targets.items():
        grouped[target.value if target else start].append(trigger.value)
    return [f"    {start} --> {target}: {_wrapped(labels)}" for target, labels in grouped.items()]


def _wrapped(labels: list[str]) -> str:
    rows = [labels[start : start + _LABELS_IN_A_LINE] for start in range(0, len(labels), _LABELS_IN_A_LINE)]
    return "<br/>".join(" · ".join(row) for row in rows)


def section() -> str:
    """The section between the markers of README."""
    return f"{BEGIN}\n```mermaid\n{mermaid()}\n```\n{END}"
