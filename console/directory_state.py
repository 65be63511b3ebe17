"""What the directory of each place says of itself, for the pages of the criteria: services, those checked in time, reports.

Reports are those of the last whole four-week period, a window that never slides; the page rounds and hides small ones.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from console import records, showing
from content.library import Library
from demand.reports.criteria import DirectoryState
from demand.weeks import WEEK, WEEKS_IN_PERIOD, period_of
from referrals.outcomes import told_in


async def directory_states(
    session: AsyncSession, library: Library, moment: datetime
) -> dict[str, DirectoryState]:
    """The state of every open place."""
    places = {place.code: place for place in library.places.open}
    found = [one for one in await records.listed(session, places) if one.status == "active"]
    first, last = last_period(moment.date())
    told = await told_in(session, first, last)
    states = {}
    for code, place in places.items():
        today = moment.astimezone(ZoneInfo(place.time_zone)).date()
        mine = [one for one in found if one.place == code]
        fresh = sum(not showing.is_due(one, today) for one in mine)
        reports, helped = told.get(code, (0, 0))
        states[code] = DirectoryState(len(mine), fresh, reports, helped)
    return states


def last_period(today: date) -> tuple[date, date]:
    """First and last day of the last whole four-week period."""
    begin = period_of(today)
    return begin - WEEKS_IN_PERIOD * WEEK, begin - timedelta(days=1)
