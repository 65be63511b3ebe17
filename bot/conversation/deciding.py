"""One decision: memory and what was heard go in, memory and steps come out.

Here a trigger is settled against what is known (is there a place? is a question pending?), then the table decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.hearing import Heard
from bot.conversation.memory import Memory, State
from bot.conversation.table import Step, Trigger, move

# What may come between a message that was not understood and the wish to send it on.
_KEEPS_SENTENCE = frozenset({
    Trigger.NONE_OF_THESE, Trigger.DENIED, Trigger.CHOICE_MISSED, Trigger.SENTENCE_ASKED, Trigger.SENTENCE_CONFIRMED,
})  # fmt: skip
_NAMES_PLACE_FOR_GOOD = frozenset(Trigger) - {Trigger.SAME_ELSEWHERE}


@dataclass(frozen=True)
class Decision:
    """What to remember and what to do, about what."""

    memory: Memory
    steps: tuple[Step, ...]
    heard: Heard


def decide(memory: Memory, heard: Heard) -> Decision:
    """Settle, look into the table, remember."""
    settled = settle(memory, heard)
    row = move(memory.state, settled.trigger)
    if settled.trigger in (Trigger.FORGET_ASKED, Trigger.EXIT_ASKED, Trigger.LEFT):
        # The language stays for this one reply; the turn forgets the session after it.
        return Decision(Memory(language=memory.language), row.steps, settled)
    kept = _remember(memory, settled)
    return Decision(replace(kept, state=row.state or memory.state), row.steps, settled)


def settle(memory: Memory, heard: Heard) -> Heard:
    """The trigger as the table knows it, once place and pending question are looked at."""
    match heard.trigger:
        case Trigger.NEED_CLEAR if not (heard.place or memory.place):
            # The same need again is no answer to "where are you?": its words named no place that we know.
            again = memory.state is State.ASKING_PLACE and heard.need == memory.pending
            return replace(heard, trigger=Trigger.NOT_UNDERSTOOD if again else Trigger.NEED_WITHOUT_PLACE)
        case Trigger.PROGRAMME_ASKED if not (heard.place or memory.place):
            return replace(heard, trigger=Trigger.PLACE_ASKED)
        case Trigger.DANGER:
            return _settle_danger(memory, heard)
        case Trigger.PLACE_NAMED:
            return _settle_place(memory, heard)
        case Trigger.AFFIRMED if memory.state is State.CHOOSING and len(memory.candidates) == 1:
            return settle(memory, replace(heard, trigger=Trigger.NEED_CLEAR, need=memory.candidates[0]))
        case Trigger.COMPLAINED if memory.shown:
            return replace(heard, trigger=Trigger.COMPLAINED_OF_DOOR)
        case _:
            return heard


def _settle_danger(memory: Memory, heard: Heard) -> Heard:
    if not (heard.place or memory.place):
        return replace(heard, trigger=Trigger.DANGER_WITHOUT_PLACE)
    return replace(heard, trigger=Trigger.DANGER_AND_NEED) if heard.need else heard


def _settle_place(memory: Memory, heard: Heard) -> Heard:
    need = heard.need or memory.pending
    danger = memory.pending_danger
    trigger = {
        (False, False): Trigger.PLACE_NAMED,
        (True, False): Trigger.PLACE_NAMED_FOR_NEED,
        (False, True): Trigger.PLACE_NAMED_IN_DANGER,
        (True, True): Trigger.PLACE_NAMED_IN_DANGER_FOR_NEED,
    }[bool(need), bool(danger)]
    others = memory.pending_others if need == memory.pending else ()
    return replace(heard, trigger=trigger, need=need, danger=danger, others=others)


def _remember(memory: Memory, heard: Heard) -> Memory:
    known = replace(
        memory,
        place=heard.place if heard.place and heard.trigger in _NAMES_PLACE_FOR_GOOD else memory.place,
        profile=heard.profile or memory.profile,
        candidates=heard.candidates or memory.candidates,
        sentence=memory.sentence if heard.trigger in _KEEPS_SENTENCE else "",
    )
    if heard.trigger in (Trigger.NEED_WITHOUT_PLACE, Trigger.DANGER_WITHOUT_PLACE, Trigger.PLACE_ASKED):
        return _keep_pending(known, heard)
    if heard.need:
        shown = memory.shown if heard.need == memory.need else ()
        known = replace(known, need=heard.need, shown=shown, candidates=())
    return _clear_pending(known) if known.place else known


def _keep_pending(memory: Memory, heard: Heard) -> Memory:
    earlier = (memory.pending,) if memory.pending and memory.pending != heard.need and heard.need else ()
    return replace(
        memory,
        pending=heard.need or memory.pending,
        pending_others=(*heard.others, *earlier) if heard.need else memory.pending_others,
        pending_danger=heard.danger or memory.pending_danger,
    )


def _clear_pending(memory: Memory) -> Memory:
    return replace(memory, pending=None, pending_others=(), pending_danger=None)
