"""What SQLite and PostgreSQL say differently: the order of letters, and how many days lie between two days.

Orders must be those of Python on both engines, and not those of the language a server was set up for.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class by_letter(FunctionElement[str]):  # noqa: N801 - read as a function of the database, like func.max
    """A text ordered letter by letter."""

    type = String()
    inherit_cache = True


class days_from(FunctionElement[int]):  # noqa: N801 - read as a function of the database, like func.max
    """The days from the first day until the second."""

    type = Integer()
    inherit_cache = True


@compiles(by_letter)
def _letters(element: by_letter, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(by_letter, "postgresql")
def _letters_of_postgresql(element: by_letter, compiler: SQLCompiler, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


@compiles(days_from)
def _days(element: days_from, compiler: SQLCompiler, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_from, "postgresql")
def _days_of_postgresql(element: days_from, compiler: SQLCompiler, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({second} AS DATE) - CAST({first} AS DATE))"
