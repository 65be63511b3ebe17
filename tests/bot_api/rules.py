"""Every rule of the Bot API that this stand-in keeps, with where it is known from.

Sources: `server` is github.com/tdlib/telegram-bot-api at 01a3679c0bbf (Bot API 10.0, May 2026), file and function
named; `docs` is core.telegram.org/bots/api; `faq` is core.telegram.org/bots/faq; `seen` was observed by many bots
and is written nowhere. A rule that rests on `seen` alone is on the strict side on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

TEXT_UNITS = 4096
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER_CHARACTERS = 200
ENTITIES = 100
BUTTONS = 100
UPDATES_PER_CALL = 100
LONG_POLL_SECONDS = 50
UPDATE_SECONDS = 86_400
DELETE_SECONDS = 48 * 3600
DELETE_IDS = 100
COMMANDS = 100
QUERY_SECONDS = 30


@dataclass(frozen=True)
class Rule:
    """One thing that Telegram does, and how we know."""

    code: str
    says: str
    source: str


RULES = {
    rule.code: rule
    for rule in (
        Rule(
            "confirmed_by_higher_offset",
            "An update is forgotten when getUpdates is called with a higher offset, not before.",
            "server: Client.cpp do_get_updates, TQueue::get(forget_previous = true); docs: getUpdates",
        ),
        Rule(
            "negative_offset_forgets",
            "offset −n keeps the last n updates and forgets the others.",
            "server: Client.cpp do_get_updates, TQueue::clear",
        ),
        Rule(
            "future_offset_confirms_nothing",
            "An offset far beyond the end is read as the head of the queue.",
            "server: Client.cpp do_get_updates, branch !is_ok",
        ),
        Rule(
            "kept_24_hours",
            "An update is kept for 24 hours from the date of its message.",
            "server: Client.cpp add_new_message, message_date + 86400",
        ),
        Rule(
            "limit_1_after_repeat",
            "The same offset again within 0.5 s gets one update only.",
            "server: Client.cpp process_get_updates_query",
        ),
        Rule(
            "wait_3_after_repeat",
            "The same offset again within 3 s waits up to 3 s, though timeout was shorter.",
            "server: Client.cpp process_get_updates_query",
        ),
        Rule(
            "at_most_100",
            "getUpdates gives at most 100 updates and waits at most 50 s.",
            "server: Client.cpp get_integer_arg, LONG_POLL_MAX_TIMEOUT",
        ),
        Rule(
            "one_receiver",
            "A second getUpdates that has to wait ends the first with 409.",
            "server: Client.cpp abort_long_poll",
        ),
        Rule(
            "conflicts_3_s_apart",
            "A 409 that follows another within 3 s is held back for 3 s.",
            "server: Client.cpp fail_query_conflict",
        ),
        Rule(
            "webhook_or_polling",
            "getUpdates answers 409 while a webhook is set.",
            "server: Client.cpp process_get_updates_query",
        ),
        Rule(
            "allowed_updates",
            "Kinds that were not asked for are not queued; the list is kept until the next one.",
            "docs: getUpdates; server: update_allowed_update_types",
        ),
        Rule(
            "webhook_in_order",
            "One queue per chat; one update of a queue is in flight at a time.",
            "server: WebhookActor.cpp, queue_id and queues_",
        ),
        Rule(
            "webhook_retry",
            "Not 2xx: at once, then doubling up to 60–120 s, until the update is 24 h old.",
            "server: WebhookActor.cpp on_update_error",
        ),
        Rule(
            "webhook_retry_after",
            "Retry-After of the answer is honoured, up to 3,600 s.",
            "server: WebhookActor.cpp on_update_error, MAX_RETRY_AFTER",
        ),
        Rule(
            "webhook_secret",
            "secret_token (1–256 of A-Z a-z 0-9 _ -) comes back as X-Telegram-Bot-Api-Secret-Token.",
            "server: WebhookActor.cpp send_update; docs: setWebhook",
        ),
        Rule(
            "flood_in_all",
            "More than about 30 messages a second in all: 429 with retry_after.",
            "faq: broadcasting; telegram.constants.FloodLimit.MESSAGES_PER_SECOND",
        ),
        Rule(
            "flood_per_chat",
            "About one message a second in one chat, short bursts pass: 429 with retry_after.",
            "faq: limits; telegram.constants.FloodLimit.MESSAGES_PER_SECOND_PER_CHAT",
        ),
        Rule(
            "flood_per_group",
            "20 messages a minute in one group: 429.",
            "faq: limits; telegram.constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP",
        ),
        Rule(
            "pause_holds",
            "A call inside retry_after gets 429 again with the time that is left.",
            "server: Client.cpp set_retry_after_error; seen",
        ),
        Rule(
            "blocked",
            "403 when the person blocked the bot or is gone.",
            "server: Client.cpp fail_query_with_error, USER_IS_BLOCKED",
        ),
        Rule(
            "chat_not_found", "400 for a chat that never wrote to the bot.", "server: Client.cpp check_chat"
        ),
        Rule(
            "text_empty",
            "400 for an empty text, also when only markup or blanks are in it.",
            "server: Client.cpp get_input_message_text",
        ),
        Rule(
            "text_too_long",
            "400 for more than 4,096 characters after parsing (here UTF-16 units: the strict side).",
            "docs: sendMessage; telegram.constants.MessageLimit",
        ),
        Rule(
            "broken_entities",
            "400 for HTML that does not parse: unknown tag, missing end.",
            "docs: HTML style; server: getMarkdownText/parse_html in td MessageEntity.cpp",
        ),
        Rule(
            "too_many_entities",
            "At most 100 entities are kept; here more is an error.",
            "docs: limits; telegram.constants.MessageLimit.MESSAGE_ENTITIES",
        ),
        Rule(
            "callback_data_bytes",
            "400 BUTTON_DATA_INVALID for callback data over 64 bytes.",
            "docs: InlineKeyboardButton",
        ),
        Rule(
            "button_one_kind",
            "400 for an inline button without a text or without exactly one action.",
            "server: Client.cpp get_inline_keyboard_button",
        ),
        Rule(
            "button_url",
            "400 for a button address that is not http, https or tg (tel: and mailto: are refused).",
            "docs: InlineKeyboardButton; seen",
        ),
        Rule(
            "edit_unknown",
            "400 for the edit of a message that is not there.",
            "server: Client.cpp check_message",
        ),
        Rule(
            "edit_same",
            "400 'message is not modified' when nothing changes.",
            "server: Client.cpp fail_query_with_error, MESSAGE_NOT_MODIFIED",
        ),
        Rule(
            "query_answered_in_time",
            "400 'query is too old' for an unknown, old or repeated callback query.",
            "server: Client.cpp fail_query_with_error, QUERY_ID_INVALID",
        ),
        Rule(
            "delete_limits",
            "deleteMessages takes 1–100 ids; what is older than 48 h or unknown is skipped.",
            "docs: deleteMessage, deleteMessages",
        ),
        Rule(
            "commands",
            "1–32 of a–z 0–9 _ as name, 1–256 as text, at most 100.",
            "docs: BotCommand, setMyCommands",
        ),
        Rule(
            "wrong_token",
            "401 for a token that is not valid, 404 for one that is malformed.",
            "server: ClientManager.cpp send; docs: making requests",
        ),
        Rule("unknown_method", "404 for a method that does not exist.", "server: Client.cpp on_cmd"),
        Rule(
            "position_in_range",
            "400 for coordinates that are no place on Earth; a venue needs a title and an address.",
            "server: Client.cpp get_location; docs: sendVenue",
        ),
    )
}
