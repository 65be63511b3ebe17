"""The table: in this state, when this happened, take these steps and stand there.

`ALWAYS` holds from every state, so that a free question is answered and everything can be forgotten from
anywhere; `MOVES` lists where a state differs. `None` as the next state means: stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.memory import State


class Trigger(StrEnum):
    """What happened, as far as it matters for what comes next."""

    STARTED = "started"
    CARD_OPENED = "card opened"
    CARD_UNKNOWN = "card unknown"
    NEED_CLEAR = "need clear"
    NEED_WITHOUT_PLACE = "need without place"
    NEED_UNSURE = "need unsure"
    NOT_UNDERSTOOD = "not understood"
    OUT_OF_SCOPE = "out of scope"
    DANGER = "danger"
    DANGER_AND_NEED = "danger and need"
    DANGER_WITHOUT_PLACE = "danger without place"
    PLACE_NAMED = "place named"
    PLACE_NAMED_FOR_NEED = "place named, need pending"
    PLACE_NAMED_IN_DANGER = "place named, danger pending"
    PLACE_NAMED_IN_DANGER_FOR_NEED = "place named, danger and need pending"
    PLACE_ASKED = "other place asked"
    SOMEWHERE_ELSE = "somewhere else"
    SAME_ELSEWHERE = "the same elsewhere"
    LANGUAGE_ASKED = "languages asked"
    LANGUAGE_CHOSEN = "language chosen"
    MENU_ASKED = "menu asked"
    SECTOR_CHOSEN = "sector chosen"
    PROGRAMME_ASKED = "programme asked"
    MORE_ASKED = "more doors asked"
    MAP_ASKED = "map asked"
    SERVICE_CHOSEN = "service chosen"
    AFFIRMED = "yes"
    DENIED = "no"
    NONE_OF_THESE = "none of these"
    OUTCOME_ASKED = "did it help"
    DOOR_CHOSEN = "door chosen"
    OUTCOME_TOLD = "outcome told"
    COMPLAINED = "complained"
    COMPLAINED_OF_DOOR = "complained of a door"
    GREETED = "greeted"
    THANKED = "thanked"
    SAID_GOODBYE = "said goodbye"
    HELP_ASKED = "help asked"
    COST_ASKED = "cost asked"
    HUMAN_ASKED = "human asked"
    PRIVACY_ASKED = "privacy asked"
    FORGET_ASKED = "forget me"
    EXIT_ASKED = "erase this chat"
    SOMETHING_ELSE_SENT = "something else sent"
    ENGINE_DOWN = "engine down"
    OLD_BUTTON_PRESSED = "old button"
    CHOICE_MISSED = "no such choice"
    REPEAT_ASKED = "repeat asked"
    UNCLEAR = "not clear to the person"
    SLIP_ASKED = "slip asked"
    SLIP_STATE_ASKED = "state of slip asked"
    SLIP_TYPED = "slip typed"
    WRONG_ASKED = "something is wrong"
    WRONG_TOLD = "wrong told"
    VALUE_TYPED = "new value typed"
    CHANGE_WRITTEN = "change written"
    CHANGE_PLACED = "service of change chosen"
    CHANGE_CONFIRMED = "change confirmed"
    CHANGE_DROPPED = "change dropped"
    PROOF_TYPED = "code of the app typed"
    WORK_ASKED = "open work asked"
    REVIEWED = "reports reviewed"
    PROPOSAL_DECIDED = "proposal decided"
    SENTENCE_ASKED = "sentence to send asked"
    SENTENCE_CONFIRMED = "sentence confirmed"
    SENTENCE_DROPPED = "sentence dropped"
    LEFT = "left"


class Step(StrEnum):
    """What to do, as an order; the turn carries it out."""

    WELCOME = "welcome"
    ASK_LANGUAGE = "ask language"
    CONFIRM_LANGUAGE = "confirm language"
    ASK_PLACE = "ask place"
    REPEAT_PLACE = "repeat place"
    CONFIRM_PLACE = "confirm place"
    SAY_NOT_SERVED = "say not served"
    GIVE_SAFETY = "give safety"
    ANSWER_NEED = "answer need"
    ANSWER_BESIDE = "answer beside"
    SAY_CHANGED = "say what changed"
    SHOW_MORE = "show more doors"
    SHOW_MAP = "show map"
    SHOW_SERVICE = "show service"
    SHOW_MENU = "show menu"
    SHOW_SECTOR = "show sector"
    SHOW_PROGRAMME = "show programme"
    OFFER_CANDIDATES = "offer candidates"
    SEARCH_TEXTS = "search texts"
    ASK_OTHER_WORDS = "ask for other words"
    SAY_OUT_OF_SCOPE = "say out of scope"
    ASK_OUTCOME = "ask outcome"
    RECORD_OUTCOME = "record outcome"
    SAY_SORRY = "say sorry"
    SAY_HELLO = "say hello"
    SAY_WELCOME = "say you are welcome"
    SAY_GOODBYE = "say goodbye"
    EXPLAIN_HELP = "explain help"
    EXPLAIN_COST = "explain cost"
    SAY_SHORTER = "say it shorter"
    EXPLAIN_PRIVACY = "explain privacy"
    NAME_PEOPLE = "name people"
    CONFIRM_FORGOTTEN = "confirm forgotten"
    ERASE_CHAT = "erase chat"
    SAY_CANNOT_READ = "say cannot read"
    SAY_TROUBLE = "say trouble"
    SAY_OLD_BUTTON = "say old button"
    REPEAT_CHOICES = "repeat choices"
    SAY_OLD_CARD = "say old card"
    GIVE_SLIP = "give slip"
    EXPLAIN_SLIP = "explain slip"
    TELL_SLIP = "tell slip"
    ASK_WRONG = "ask what is wrong"
    PROPOSE_CORRECTION = "propose correction"
    ADD_VALUE = "add new value"
    SHOW_CHANGE = "show change"
    APPLY_CHANGE = "apply change"
    DROP_CHANGE = "drop change"
    TAKE_PROOF = "take code of the app"
    SHOW_WORK = "show open work"
    MARK_REVIEWED = "mark reviewed"
    CLOSE_PROPOSAL = "close proposal"
    PREVIEW_SENTENCE = "preview sentence"
    SEND_SENTENCE = "send sentence"
    DROP_SENTENCE = "drop sentence"


@dataclass(frozen=True)
class Move:
    """Where to stand next (None: stay) and what to do, in order."""

    state: State | None
    steps: tuple[Step, ...]


def _to(state: State | None, *steps: Step) -> Move:
    return Move(state, steps)


ALWAYS: dict[Trigger, Move] = {
    Trigger.STARTED: _to(State.READY, Step.WELCOME),
    Trigger.CARD_OPENED: _to(State.ANSWERED, Step.SAY_CHANGED, Step.ANSWER_NEED),
    Trigger.CARD_UNKNOWN: _to(State.READY, Step.SAY_OLD_CARD),
    Trigger.NEED_CLEAR: _to(State.ANSWERED, Step.ANSWER_NEED),
    Trigger.NEED_WITHOUT_PLACE: _to(State.ASKING_PLACE, Step.ASK_PLACE),
    Trigger.NEED_UNSURE: _to(State.CHOOSING, Step.OFFER_CANDIDATES),
    Trigger.NOT_UNDERSTOOD: _to(State.CHOOSING, Step.SEARCH_TEXTS),
    Trigger.OUT_OF_SCOPE: _to(None, Step.SAY_OUT_OF_SCOPE),
    Trigger.DANGER: _to(State.READY, Step.GIVE_SAFETY),
    Trigger.DANGER_AND_NEED: _to(State.ANSWERED, Step.GIVE_SAFETY, Step.ANSWER_NEED),
    Trigger.DANGER_WITHOUT_PLACE: _to(State.ASKING_PLACE, Step.GIVE_SAFETY, Step.ASK_PLACE),
    Trigger.PLACE_NAMED: _to(State.READY, Step.CONFIRM_PLACE),
    Trigger.PLACE_NAMED_FOR_NEED: _to(State.ANSWERED, Step.ANSWER_NEED),
    Trigger.PLACE_NAMED_IN_DANGER: _to(State.READY, Step.GIVE_SAFETY),
    Trigger.PLACE_NAMED_IN_DANGER_FOR_NEED: _to(State.ANSWERED, Step.GIVE_SAFETY, Step.ANSWER_NEED),
    Trigger.PLACE_ASKED: _to(State.ASKING_PLACE, Step.ASK_PLACE),
    Trigger.SOMEWHERE_ELSE: _to(State.READY, Step.SAY_NOT_SERVED),
    Trigger.SAME_ELSEWHERE: _to(State.ANSWERED, Step.ANSWER_BESIDE),
    Trigger.LANGUAGE_ASKED: _to(None, Step.ASK_LANGUAGE),
    Trigger.LANGUAGE_CHOSEN: _to(None, Step.CONFIRM_LANGUAGE),
    Trigger.MENU_ASKED: _to(State.READY, Step.SHOW_MENU),
    Trigger.SECTOR_CHOSEN: _to(State.READY, Step.SHOW_SECTOR),
    Trigger.PROGRAMME_ASKED: _to(State.READY, Step.SHOW_PROGRAMME),
    Trigger.MORE_ASKED: _to(State.ANSWERED, Step.SHOW_MORE),
    Trigger.MAP_ASKED: _to(State.ANSWERED, Step.SHOW_MAP),
    Trigger.SERVICE_CHOSEN: _to(State.ANSWERED, Step.SHOW_SERVICE),
    Trigger.AFFIRMED: _to(State.READY, Step.SHOW_MENU),
    Trigger.DENIED: _to(State.READY, Step.SHOW_MENU),
    Trigger.NONE_OF_THESE: _to(State.READY, Step.ASK_OTHER_WORDS),
    Trigger.OUTCOME_ASKED: _to(State.TELLING, Step.ASK_OUTCOME),
    Trigger.DOOR_CHOSEN: _to(State.TELLING, Step.ASK_OUTCOME),
    Trigger.OUTCOME_TOLD: _to(State.ANSWERED, Step.RECORD_OUTCOME),
    Trigger.COMPLAINED: _to(State.READY, Step.SAY_SORRY),
    Trigger.COMPLAINED_OF_DOOR: _to(State.TELLING, Step.ASK_OUTCOME),
    Trigger.GREETED: _to(None, Step.SAY_HELLO),
    Trigger.THANKED: _to(None, Step.SAY_WELCOME),
    Trigger.SAID_GOODBYE: _to(None, Step.SAY_GOODBYE),
    Trigger.HELP_ASKED: _to(None, Step.EXPLAIN_HELP),
    Trigger.COST_ASKED: _to(None, Step.EXPLAIN_COST),
    Trigger.HUMAN_ASKED: _to(State.READY, Step.NAME_PEOPLE),
    Trigger.PRIVACY_ASKED: _to(None, Step.EXPLAIN_PRIVACY),
    Trigger.FORGET_ASKED: _to(State.NEW, Step.CONFIRM_FORGOTTEN),
    Trigger.EXIT_ASKED: _to(State.NEW, Step.ERASE_CHAT),
    Trigger.SOMETHING_ELSE_SENT: _to(None, Step.SAY_CANNOT_READ),
    Trigger.ENGINE_DOWN: _to(None, Step.SAY_TROUBLE),
    Trigger.OLD_BUTTON_PRESSED: _to(State.READY, Step.SAY_OLD_BUTTON),
    Trigger.CHOICE_MISSED: _to(None, Step.REPEAT_CHOICES),
    Trigger.REPEAT_ASKED: _to(None, Step.EXPLAIN_HELP),
    Trigger.UNCLEAR: _to(None, Step.EXPLAIN_HELP),
    Trigger.SLIP_ASKED: _to(State.ANSWERED, Step.GIVE_SLIP),
    Trigger.SLIP_STATE_ASKED: _to(None, Step.EXPLAIN_SLIP),
    Trigger.SLIP_TYPED: _to(None, Step.TELL_SLIP),
    Trigger.WRONG_ASKED: _to(State.TELLING, Step.ASK_WRONG),
    Trigger.WRONG_TOLD: _to(State.ANSWERED, Step.PROPOSE_CORRECTION),
    Trigger.VALUE_TYPED: _to(State.ANSWERED, Step.ADD_VALUE),
    Trigger.CHANGE_WRITTEN: _to(None, Step.SHOW_CHANGE),
    Trigger.CHANGE_PLACED: _to(None, Step.SHOW_CHANGE),
    Trigger.CHANGE_CONFIRMED: _to(None, Step.APPLY_CHANGE),
    Trigger.CHANGE_DROPPED: _to(None, Step.DROP_CHANGE),
    Trigger.PROOF_TYPED: _to(None, Step.TAKE_PROOF),
    Trigger.WORK_ASKED: _to(None, Step.SHOW_WORK),
    Trigger.REVIEWED: _to(None, Step.MARK_REVIEWED),
    Trigger.PROPOSAL_DECIDED: _to(None, Step.CLOSE_PROPOSAL),
    Trigger.SENTENCE_ASKED: _to(None, Step.PREVIEW_SENTENCE),
    Trigger.SENTENCE_CONFIRMED: _to(None, Step.SEND_SENTENCE),
    Trigger.SENTENCE_DROPPED: _to(None, Step.DROP_SENTENCE),
    Trigger.LEFT: _to(State.NEW),
}

MOVES: dict[State, dict[Trigger, Move]] = {
    State.NEW: {
        Trigger.LANGUAGE_CHOSEN: _to(State.READY, Step.WELCOME),
        Trigger.GREETED: _to(State.READY, Step.WELCOME),
    },
    State.READY: {},
    State.ASKING_PLACE: {
        Trigger.NOT_UNDERSTOOD: _to(State.ASKING_PLACE, Step.REPEAT_PLACE),
        Trigger.LANGUAGE_CHOSEN: _to(State.ASKING_PLACE, Step.CONFIRM_LANGUAGE, Step.ASK_PLACE),
        Trigger.REPEAT_ASKED: _to(State.ASKING_PLACE, Step.ASK_PLACE),
        Trigger.UNCLEAR: _to(State.ASKING_PLACE, Step.ASK_PLACE),
        Trigger.AFFIRMED: _to(State.ASKING_PLACE, Step.ASK_PLACE),
        Trigger.DENIED: _to(State.READY, Step.SAY_NOT_SERVED),
    },
    State.CHOOSING: {
        Trigger.AFFIRMED: _to(State.CHOOSING, Step.OFFER_CANDIDATES),
        Trigger.DENIED: _to(State.READY, Step.ASK_OTHER_WORDS),
        Trigger.REPEAT_ASKED: _to(State.CHOOSING, Step.OFFER_CANDIDATES),
        Trigger.LANGUAGE_CHOSEN: _to(State.CHOOSING, Step.CONFIRM_LANGUAGE, Step.OFFER_CANDIDATES),
    },
    State.ANSWERED: {
        Trigger.LANGUAGE_CHOSEN: _to(State.ANSWERED, Step.CONFIRM_LANGUAGE, Step.ANSWER_NEED),
        Trigger.AFFIRMED: _to(State.ANSWERED, Step.SAY_WELCOME),
        Trigger.DENIED: _to(State.TELLING, Step.ASK_OUTCOME),
        Trigger.REPEAT_ASKED: _to(State.ANSWERED, Step.ANSWER_NEED),
        Trigger.UNCLEAR: _to(State.ANSWERED, Step.SAY_SHORTER),
    },
    State.TELLING: {
        Trigger.AFFIRMED: _to(State.ANSWERED, Step.SAY_WELCOME),
        Trigger.DENIED: _to(State.TELLING, Step.ASK_OUTCOME),
    },
}


def move(state: State, trigger: Trigger) -> Move:
    """The move from a state; there is one for every trigger."""
    return MOVES[state].get(trigger) or ALWAYS[trigger]
