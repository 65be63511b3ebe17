"""One turn: an event of a person goes in, replies come out. All faces run this and nothing else.

Holds no text and no name of anybody; what it remembers between turns lives in `bot.sessions`.
"""

from bot.turn.turn import Turn

__all__ = ["Turn"]
