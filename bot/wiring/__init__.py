"""The one place that builds: settings go in, a house with everything in it comes out.

Nothing else in the code knows which implementation is in use, and importing this builds nothing. Each module opens
one part; what only some of those who start need is loaded by the function that opens it.
"""

from bot.wiring.clock import now
from bot.wiring.demand import words_of_our_texts
from bot.wiring.directory import open_directory, open_directory_sessions, read_directory
from bot.wiring.faces import telegram_face
from bot.wiring.house import open_house
from bot.wiring.understanding import embedded_interpreter, rasa_interpreter
from bot.wiring.wired import Wired

__all__ = [
    "Wired", "embedded_interpreter", "now", "open_directory", "open_directory_sessions", "open_house",
    "rasa_interpreter", "read_directory", "telegram_face", "words_of_our_texts",
]  # fmt: skip
