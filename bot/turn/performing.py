"""Which function carries out which step. A step without one cannot exist: a test compares both lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.conversation.table import Step
from bot.turn import (
    answering,
    asking,
    choosing,
    correcting,
    danger,
    proving,
    saying,
    slipping,
    telling,
    unread,
    upkeeping,
)
from bot.turn.scene import Performed, Scene

# What a linked chat changes, and so gives the code of its owner's app for.
_AFTER_PROOF = {
    Step.APPLY_CHANGE: upkeeping.apply_change,
    Step.MARK_REVIEWED: upkeeping.mark_reviewed,
    Step.CLOSE_PROPOSAL: upkeeping.close_proposal,
}
PERFORMERS: dict[Step, Callable[[Scene], Awaitable[Performed]]] = {
    Step.WELCOME: asking.welcome,
    Step.ASK_LANGUAGE: asking.ask_language,
    Step.CONFIRM_LANGUAGE: asking.confirm_language,
    Step.ASK_PLACE: asking.ask_place,
    Step.REPEAT_PLACE: asking.repeat_place,
    Step.CONFIRM_PLACE: asking.confirm_place,
    Step.SAY_NOT_SERVED: asking.say_not_served,
    Step.GIVE_SAFETY: danger.give_safety,
    Step.ANSWER_NEED: answering.answer_need,
    Step.ANSWER_BESIDE: answering.answer_beside,
    Step.SAY_CHANGED: saying.say_changed,
    Step.SHOW_MORE: answering.show_more,
    Step.SHOW_MAP: answering.show_map,
    Step.SHOW_SERVICE: answering.show_service,
    Step.SHOW_MENU: asking.show_menu,
    Step.SHOW_SECTOR: asking.show_sector,
    Step.SHOW_PROGRAMME: answering.show_programme,
    Step.OFFER_CANDIDATES: asking.offer_candidates,
    Step.SEARCH_TEXTS: asking.search_texts,
    Step.ASK_OTHER_WORDS: asking.ask_other_words,
    Step.SAY_OUT_OF_SCOPE: saying.say_out_of_scope,
    Step.ASK_OUTCOME: telling.ask_outcome,
    Step.RECORD_OUTCOME: telling.record_outcome,
    Step.SAY_SORRY: saying.say_sorry,
    Step.SAY_HELLO: saying.say_hello,
    Step.SAY_WELCOME: saying.say_welcome,
    Step.SAY_GOODBYE: saying.say_goodbye,
    Step.EXPLAIN_HELP: saying.explain_help,
    Step.EXPLAIN_COST: saying.explain_cost,
    Step.SAY_SHORTER: answering.say_shorter,
    Step.EXPLAIN_PRIVACY: saying.explain_privacy,
    Step.NAME_PEOPLE: danger.name_people,
    Step.CONFIRM_FORGOTTEN: saying.confirm_forgotten,
    Step.ERASE_CHAT: saying.erase_chat,
    Step.SAY_CANNOT_READ: saying.say_cannot_read,
    Step.SAY_TROUBLE: saying.say_trouble,
    Step.SAY_OLD_BUTTON: saying.say_old_button,
    Step.REPEAT_CHOICES: choosing.repeat_choices,
    Step.SAY_OLD_CARD: saying.say_old_card,
    Step.GIVE_SLIP: slipping.give_slip,
    Step.EXPLAIN_SLIP: slipping.explain_slip,
    Step.TELL_SLIP: slipping.tell_slip,
    Step.ASK_WRONG: correcting.ask_wrong,
    Step.PROPOSE_CORRECTION: correcting.propose_correction,
    Step.ADD_VALUE: correcting.add_value,
    Step.SHOW_CHANGE: upkeeping.show_change,
    Step.APPLY_CHANGE: upkeeping.apply_change,
    Step.DROP_CHANGE: upkeeping.drop_change,
    Step.TAKE_PROOF: partial(proving.take_proof, then=_AFTER_PROOF),
    Step.SHOW_WORK: upkeeping.show_work,
    Step.MARK_REVIEWED: upkeeping.mark_reviewed,
    Step.CLOSE_PROPOSAL: upkeeping.close_proposal,
    Step.PREVIEW_SENTENCE: unread.preview_sentence,
    Step.SEND_SENTENCE: unread.send_sentence,
    Step.DROP_SENTENCE: unread.drop_sentence,
}
