"""One PostgreSQL server for the whole test process, started when the first test asks for it; and how examples are tried."""

from hypothesis import settings

from tests.postgres import postgres

__all__ = ["postgres"]

# How long one example takes says how busy the machine is; what hangs is ended by the timeout of its test.
settings.register_profile("orienta", deadline=None)
settings.load_profile("orienta")
