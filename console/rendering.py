"""Templates: everything is escaped, a name that is not there is an error, and words come from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from console.visit import Visit

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    """A page in the visitor's language."""
    from console.visit import LANGUAGES, TRANSLATED

    common = {
        "w": visit.w,
        "plural": visit.w.plural,  # by its bare name, since extraction sees no other in a template
        "link": visit.link,
        "visit": visit,
        "desk": visit.desk,
        "languages": LANGUAGES,
        "translated": TRANSLATED,
        "form_token": visit.desk.keys.digest("form", visit.form_key),
        "here": visit.request.url.path.removeprefix(visit.request.scope.get("root_path", "")),
        "errors": {},
        "typed": {},
    }
    return _environment().get_template(template).render({**common, **values})
