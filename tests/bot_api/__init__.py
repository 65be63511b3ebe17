"""A strict stand-in of Telegram's Bot API for tests: real HTTP on a free port, no Telegram, no token.

It keeps the rules that make bots lose or repeat messages (offsets, confirmation, flood control, conflicts, webhook
queues) and refuses what Telegram refuses. `RULES` names each one with its source. It imports nothing of any bot.

    async with BotApi() as api:
        person = api.person(language="es")
        await person.writes("hola")
        await person.reads("Hola")
"""

from tests.bot_api.faults import Faults
from tests.bot_api.people import Message, Person
from tests.bot_api.rules import RULES, Rule
from tests.bot_api.standin import BotApi

__all__ = ["RULES", "BotApi", "Faults", "Message", "Person", "Rule"]
