"""One PostgreSQL server for the whole test process, started when the first test asks for it."""

from tests.postgres import postgres

__all__ = ["postgres"]
