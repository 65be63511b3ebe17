"""Telegram, and nothing else: the only package that imports the Telegram library.

It turns updates into events, runs the turn, and turns replies into messages. It confirms an update only when it was
answered, and keeps integers alone on disk: no chat, no person, no word.
"""

from bot.face.running import TelegramFace, WrongToken, serve

__all__ = ["TelegramFace", "WrongToken", "serve"]
