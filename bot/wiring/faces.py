"""Opens the faces that not everybody uses. The web and the terminal need nothing from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wiring.wired import Wired

if TYPE_CHECKING:
    from bot.face import TelegramFace


def telegram_face(settings: Settings, wired: Wired) -> TelegramFace | None:
    """Telegram if a token is set: its library is loaded for those alone who use it."""
    if settings.telegram_token is None:
        return None
    from bot.face import TelegramFace

    return TelegramFace(settings, wired.turn, links=wired.links, notices=wired.notices)
