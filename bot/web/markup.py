"""A reply's plain text as HTML: everything escaped first, then headings, links and telephone links put in.

The text is ours, but it may quote a directory that others fill: nothing in it is ever trusted as markup.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import segno
from markupsafe import Markup, escape

from bot.replies import Call, Reply

_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def as_html(reply: Reply) -> Markup:
    """The text of a reply as sections; each heading opens one."""
    return Markup("").join(
        Markup("<section>{}</section>").format(Markup("").join(section)) for section in _sections(reply)
    )


def as_square(reply: Reply) -> Markup:
    """The square code of a reply, drawn in place: no picture is fetched and no style stands inline."""
    if not reply.square:
        return Markup("")
    drawn = segno.make(reply.square, error="m", micro=False).svg_inline(
        scale=5, border=4, light="#fff", title=reply.title or "", svgclass="square", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 (drawn by us from bits; its title is escaped by the library)


def _sections(reply: Reply) -> list[list[Markup]]:
    sections: list[list[Markup]] = [[]]
    for block in re.split(r"\n\s*\n", reply.text.strip()):
        lines = block.split("\n")
        if lines[0].startswith("# "):
            if sections[-1]:
                sections.append([])
            sections[-1].append(Markup("<h2>{}</h2>").format(lines.pop(0)[2:]))
        if lines:
            body = Markup("<br>").join(_line(line, reply.calls) for line in lines)
            sections[-1].append(Markup("<p>{}</p>").format(body))
    return sections


def _line(line: str, calls: tuple[Call, ...]) -> Markup:
    """One line with its addresses and telephone numbers as links."""
    parts, start = [], 0
    for match in _URL.finditer(line):
        parts += [_numbers(line[start : match.start()], calls), _link(match[0])]
        start = match.end()
    return Markup("").join([*parts, _numbers(line[start:], calls)])


def _link(url: str) -> Markup:
    """An address shown as its host: the rest says nothing to a reader and breaks a narrow page."""
    host = urlsplit(url).hostname or url
    return Markup('<a href="{}" rel="noreferrer noopener" target="_blank">{}</a>').format(
        url, host.removeprefix("www.")
    )


def _numbers(text: str, calls: tuple[Call, ...]) -> Markup:
    known = {call.number: call.tel for call in calls}
    if not known:
        return escape(text)
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w+])(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    parts, linked = pattern.split(text), set[str]()
    shown = []
    for part in parts:
        # "911  ECU 911": the number is a link once, its name is not another one.
        new = part in known and part not in linked
        shown.append(_call(known[part], part) if new else escape(part))
        linked |= {part} if new else set()
    return Markup("").join(shown)


def _call(tel: str, number: str) -> Markup:
    return Markup('<a class="call" href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", tel), number)
