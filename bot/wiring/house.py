"""Opens the house: the ground, the turn that stands on it, and when people are served all that serves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.buttons import Buttons
from bot.sessions import Sessions
from bot.settings import Settings
from bot.standing_in import kept_alive
from bot.turn import Turn
from bot.turn.house import House
from bot.web.watch import Metrics
from bot.wiring import clock
from bot.wiring.console import mount_console
from bot.wiring.demand import Demand, NothingCounted, open_demand
from bot.wiring.exchange import open_routes
from bot.wiring.feedback import Feedback, NothingRecorded, build_feedback, desk_routes
from bot.wiring.ground import Ground, open_ground
from bot.wiring.wired import Wired
from content.library import Library


@asynccontextmanager
async def open_house(settings: Settings, *, serving: bool = True) -> AsyncIterator[Wired]:
    """Everything, opened; closed again when the block ends. Not `serving`: no console, nothing counted."""
    async with AsyncExitStack() as stack:
        ground = await open_ground(settings, stack)
        wired = await _serving(ground, stack) if serving else _wired(ground, _bare_house(ground))
        if ground.held:
            wired.parts.append(kept_alive("directory", ground.catching_up()))
        yield wired


async def _serving(ground: Ground, stack: AsyncExitStack) -> Wired:
    """A house for people: what they say of services is heard, what they need is counted, staff have their console."""
    loop = build_feedback(ground)
    demand = await open_demand(ground.settings, ground.library(), stack)
    wired = _wired(ground, _whole_house(ground, loop, demand))
    wired.parts.append(demand.part)
    wired.links, wired.notices = loop.links, loop.notices
    wired.routes += [*desk_routes(loop, ground), *open_routes(ground)]
    await mount_console(wired, ground)
    return wired


def _bare_house(ground: Ground) -> House:
    """What every turn needs, and all that the one at a terminal has."""
    return House(
        interpreter=ground.interpreter,
        library=ground.library,
        directory=ground.directory,
        counter=NothingCounted(),
        recorder=NothingRecorded(),
        buttons=Buttons(ground.keys.present, codes_of(ground.library()), ground.keys.earlier),
        clock=clock.now,
    )


def _whole_house(ground: Ground, loop: Feedback, demand: Demand) -> House:
    """That, and what keeps what people say."""
    public_url = ground.settings.public_url
    return replace(
        _bare_house(ground),
        counter=demand.counter,
        unread=demand.unread,
        recorder=loop.outcomes,
        slips=loop.slips,
        proposals=loop.corrections,
        upkeep=loop.upkeep,
        proof=loop.proof,
        desk_url=f"{public_url}/desk" if public_url else "",
    )


def _wired(ground: Ground, house: House) -> Wired:
    """The turn over a house, watched, with its way to read the content again."""
    metrics, shelf, root = Metrics(), ground.shelf, ground.settings.content_root
    turn = Turn(replace(house, observe=metrics.observe), Sessions(clock.now))

    def reload(root: Path = root) -> tuple[str, ...]:
        problems = shelf.reload(root)
        ground.entities.use(shelf.library.places, shelf.library.collection.place_words)
        house.buttons.learn(codes_of(shelf.library))
        return problems

    return Wired(turn, metrics, {"directory": ground.directory.refresh}, reload=reload)


def codes_of(library: Library) -> list[str]:
    """Every code that a button may name, of places and languages in preparation too."""
    places = [place.code for place in library.places.all]
    return [*library.taxonomy.needs, *places, *library.collection.languages]
