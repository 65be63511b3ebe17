"""What the directory of each place says of itself, for the pages of the criteria: services, those checked in time, reports.

Reports are those of the last whole four-week period, a window that never slides; the page rounds and hides small ones.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from console import holdings
from content.library import Library
from demand.reports.criteria import DirectoryState
from demand.weeks import WEEK, WEEKS_IN_PERIOD, period_of
from referrals.outcomes import told_in


async def directory_states(
    session: AsyncSession, library: Library, moment: datetime
) -> dict[str, DirectoryState]:
    """The state of every open place."""
    today = {one.code: moment.astimezone(ZoneInfo(one.time_zone)).date() for one in library.places.open}
    told = await told_in(session, *last_period(moment.date()))
    return {
        code: DirectoryState(one.services, one.fresh, *told.get(code, (0, 0)))
        for code, one in (await holdings.held(session, today)).items()
    }


def last_period(today: date) -> tuple[date, date]:
    """First and last day of the last whole four-week period."""
    begin = period_of(today)
    return begin - WEEKS_IN_PERIOD * WEEK, begin - timedelta(days=1)
