"""What a pressed button asks for, as something heard. A button says all it needs; the memory only adds comfort."""

from __future__ import annotations

from bot.buttons import Action, Press, Pressed
from bot.conversation.hearing import Heard
from bot.conversation.table import Trigger

TRIGGERS: dict[Action, Trigger] = {
    Action.ANSWER: Trigger.NEED_CLEAR,
    Action.MORE: Trigger.MORE_ASKED,
    Action.MAP: Trigger.MAP_ASKED,
    Action.MENU: Trigger.MENU_ASKED,
    Action.SECTOR: Trigger.SECTOR_CHOSEN,
    Action.PLACE: Trigger.PLACE_NAMED,
    Action.ASK_PLACE: Trigger.PLACE_ASKED,
    Action.LANGUAGE: Trigger.LANGUAGE_CHOSEN,
    Action.ASK_LANGUAGE: Trigger.LANGUAGE_ASKED,
    Action.NONE_OF_THESE: Trigger.NONE_OF_THESE,
    Action.HELPED: Trigger.OUTCOME_ASKED,
    Action.DOOR: Trigger.DOOR_CHOSEN,
    Action.TOLD: Trigger.OUTCOME_TOLD,
    Action.PRIVACY: Trigger.PRIVACY_ASKED,
    Action.FORGET: Trigger.FORGET_ASKED,
    Action.SAFE_EXIT: Trigger.EXIT_ASKED,
    Action.HUMAN: Trigger.HUMAN_ASKED,
    Action.BESIDE: Trigger.SAME_ELSEWHERE,
    Action.SERVICE: Trigger.SERVICE_CHOSEN,
    Action.SOMEWHERE_ELSE: Trigger.SOMEWHERE_ELSE,
    Action.SLIP: Trigger.SLIP_ASKED,
    Action.SLIP_STATE: Trigger.SLIP_STATE_ASKED,
    Action.WRONG: Trigger.WRONG_ASKED,
    Action.CORRECT: Trigger.WRONG_TOLD,
    Action.CHANGE_OF: Trigger.CHANGE_PLACED,
    Action.CONFIRM_CHANGE: Trigger.CHANGE_CONFIRMED,
    Action.DROP_CHANGE: Trigger.CHANGE_DROPPED,
    Action.REVIEWED: Trigger.REVIEWED,
    Action.DECIDE: Trigger.PROPOSAL_DECIDED,
    Action.PROGRAMME: Trigger.PROGRAMME_ASKED,
    Action.PREVIEW_SENTENCE: Trigger.SENTENCE_ASKED,
    Action.SEND_SENTENCE: Trigger.SENTENCE_CONFIRMED,
    Action.DROP_SENTENCE: Trigger.SENTENCE_DROPPED,
}
# These name the person's place; the others only know it.
_PLACE_MATTERS = frozenset({
    Action.ANSWER, Action.MORE, Action.MAP, Action.PLACE, Action.BESIDE, Action.HELPED, Action.DOOR, Action.TOLD,
    Action.SERVICE, Action.HUMAN, Action.SLIP, Action.WRONG, Action.CORRECT, Action.PROGRAMME,
})  # fmt: skip


def hear_press(pressed: Pressed) -> Heard:
    """The trigger and codes of a button; what is not ours, or of an older version, is an old button."""
    if not isinstance(pressed, Press):
        return Heard(Trigger.OLD_BUTTON_PRESSED)
    return Heard(
        TRIGGERS[pressed.action],
        need=pressed.need,
        place=pressed.place if pressed.action in _PLACE_MATTERS else None,
        language=pressed.language,
        number=pressed.number,
        item=pressed.item,
    )
