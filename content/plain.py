"""Reads YAML by the fast parser, and nothing more: whoever only wants words from a file needs no models of it.

It never makes objects of a document's choosing, and dates stay text.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(_Loader):  # type: ignore[misc]
    """A safe loader that refuses a key given twice (YAML itself would silently keep the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


# Dates stay text: "2019-06" and "2019" are dates too, and only our own rule reads them.
StrictLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}


def read_plain(text: str) -> Any:
    """The content of a document of ours whose shape its reader checks: the safe loader, by the fast parser."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
