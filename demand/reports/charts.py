"""Charts drawn here as SVG: no script, no font, no request. The table beside a chart says the same.

Each chart has a wide and a narrow drawing, so that its words can be read on a telephone too.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from demand.reports.document import Table

_ROW, _LABEL, _BAR, _WIDTH = 26, 300, 330, 700
_NARROW_ROW, _NARROW_WIDTH, _NARROW_BAR = 42, 330, 280
_INK, _FILL, _GRID = "#1a1a1a", "#1f5f8b", "#c8c8c8"
_MAXIMUM_LABEL = 46


def chart(table: Table, *, narrow: bool = False) -> str:
    """The SVG of a table's last column; empty when the table asks for none or holds no number."""
    points = [(str(row[0]), row[-1]) for row in table.rows if isinstance(row[-1], int)]
    if table.chart is None or not points or max(value for _, value in points) == 0:
        return ""
    if table.chart == "line":
        return _line(table.title, points, _NARROW_WIDTH if narrow else _WIDTH)
    return _narrow_bars(table.title, points) if narrow else _bars(table.title, points)


def _short(label: str) -> str:
    return label if len(label) <= _MAXIMUM_LABEL else label[: _MAXIMUM_LABEL - 1] + "…"


def _open(title: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title, quote=True)}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13" fill="{_INK}">'
    )


def _bars(title: str, points: Sequence[tuple[str, int]]) -> str:
    """Each label before its bar."""
    top = max(value for _, value in points)
    parts = [_open(title, _WIDTH, _ROW * len(points) + 6)]
    for number, (label, value) in enumerate(points):
        y, width = number * _ROW + 4, max(2, round(_BAR * value / top))
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 14}" text-anchor="end">{escape(_short(label))}</text>')
        parts.append(f'<rect x="{_LABEL}" y="{y}" width="{width}" height="18" fill="{_FILL}"/>')
        parts.append(f'<text x="{_LABEL + width + 6}" y="{y + 14}">{value}</text>')
    return "".join([*parts, "</svg>"])


def _narrow_bars(title: str, points: Sequence[tuple[str, int]]) -> str:
    """Each label above its bar."""
    top = max(value for _, value in points)
    parts = [_open(title, _NARROW_WIDTH, _NARROW_ROW * len(points) + 6)]
    for number, (label, value) in enumerate(points):
        y, width = number * _NARROW_ROW + 14, max(2, round(_NARROW_BAR * value / top))
        parts.append(f'<text x="0" y="{y}">{escape(_short(label))}</text>')
        parts.append(f'<rect x="0" y="{y + 5}" width="{width}" height="14" fill="{_FILL}"/>')
        parts.append(f'<text x="{width + 6}" y="{y + 17}">{value}</text>')
    return "".join([*parts, "</svg>"])


def _line(title: str, points: Sequence[tuple[str, int]], width: int) -> str:
    height, left, bottom, right = 240, 60, 200, width - 40
    top = max(value for _, value in points)
    step = (right - left) / max(1, len(points) - 1)
    spots = [(left + index * step, bottom - 170 * value / top) for index, (_, value) in enumerate(points)]
    parts = [_open(title, width, height + 20)]
    for share in (0, 0.5, 1):
        y = bottom - 170 * share
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="{_GRID}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{round(top * share)}</text>')
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{_FILL}" stroke-width="2.5"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_FILL}"/>' for x, y in spots]
    # One below the other: side by side two long dates would meet on a narrow drawing.
    parts.append(f'<text x="{left}" y="{bottom + 24}">{escape(points[0][0])}</text>')
    parts.append(f'<text x="{right}" y="{bottom + 42}" text-anchor="end">{escape(points[-1][0])}</text>')
    return "".join([*parts, "</svg>"])
