"""The table of update numbers in PostgreSQL, and how a note is written into it. Integers alone, the last few thousand.

`upgrade` and `downgrade` are its only two steps. Nothing is lost with the table but the knowledge of what was done
just now, so that no backup holds it.
"""

from __future__ import annotations

from typing import LiteralString

import psycopg

from bot.face.ledger import Work

# Two processes that start at once must not both make the schema: PostgreSQL's IF NOT EXISTS does not guard that.
_MAKING = 7_038_190_244
UPGRADE: tuple[LiteralString, ...] = (
    "CREATE SCHEMA IF NOT EXISTS face",
    """
CREATE TABLE IF NOT EXISTS face.updates (
    sequence bigserial PRIMARY KEY, update_id bigint NOT NULL UNIQUE,
    attempts integer NOT NULL, done boolean NOT NULL
)""",
)
_IS_THERE = "SELECT 1 FROM pg_tables WHERE schemaname = 'face' AND tablename = 'updates'"
_STATEMENTS: dict[Work, LiteralString] = {
    Work.BEGIN: """
        INSERT INTO face.updates AS kept (update_id, attempts, done) VALUES (%s, 1, false)
        ON CONFLICT (update_id) DO UPDATE SET attempts = kept.attempts + 1 WHERE NOT kept.done
        RETURNING attempts""",
    Work.FINISH: """
        INSERT INTO face.updates (update_id, attempts, done) VALUES (%s, 1, true)
        ON CONFLICT (update_id) DO UPDATE SET done = true RETURNING 1""",
    Work.GIVE_BACK: """
        UPDATE face.updates SET attempts = greatest(0, attempts - 1)
        WHERE update_id = %s AND NOT done RETURNING 1""",
}
_PRUNE = "DELETE FROM face.updates WHERE sequence <= (SELECT max(sequence) FROM face.updates) - 4096"


async def upgrade(connection: psycopg.AsyncConnection) -> None:
    """Make the table if it is not there. An account that only serves may not even ask for what is there to be made."""
    if await _is_there(connection):
        return
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
        if not await _is_there(connection):  # another process may have made it while this one waited
            for step in UPGRADE:
                await connection.execute(step)


async def _is_there(connection: psycopg.AsyncConnection) -> bool:
    return await (await connection.execute(_IS_THERE)).fetchone() is not None


async def downgrade(connection: psycopg.AsyncConnection) -> None:
    """Take the table away."""
    await connection.execute("DROP TABLE IF EXISTS face.updates; DROP SCHEMA IF EXISTS face")


async def note(connection: psycopg.AsyncConnection, work: Work, update_id: int) -> int:
    """Write one note; of a BEGIN the attempt, 0 when the update is done."""
    row = await (await connection.execute(_STATEMENTS[work], (update_id,))).fetchone()
    return int(row[0]) if row else 0


async def prune(connection: psycopg.AsyncConnection) -> None:
    """Keep the last few thousand."""
    await connection.execute(_PRUNE)
