"""The commands that Telegram shows beside the text field, in each language. All are understood in every language."""

from __future__ import annotations

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.logs import get_log
from content.wording import N_, wording

_log = get_log("bot.face.commands")
_NAMES: dict[str, tuple[str, ...]] = {
    "es": ("start", "menu", "ciudad", "idioma", "privacidad", "borrar", "ayuda"),
    "pt": ("start", "menu", "cidade", "idioma", "privacidade", "apagar", "ajuda"),
    "en": ("start", "menu", "city", "language", "privacy", "erase", "help"),
    "fr": ("start", "menu", "ville", "langue", "confidentialite", "effacer", "aide"),
    "ht": ("start", "meni", "vil", "lang", "vi_prive", "efase", "ed"),
}
_SENTENCES = (
    N_("Begin"),
    N_("All topics"),
    N_("Choose my city"),
    N_("Change the language"),
    N_("Who can see this?"),
    N_("Erase this chat"),
    N_("How this works"),
)
# Telegram shows these to whoever speaks none of the languages; most people here speak Spanish.
DEFAULT = "es"


def commands_in(language: str) -> list[BotCommand]:
    """The commands of a language with their meaning."""
    w = wording(language)
    return [BotCommand(name, w(text)) for name, text in zip(_NAMES[language], _SENTENCES, strict=True)]


async def set_commands(bot: ExtBot[bool]) -> int:
    """Tell Telegram the commands of every language. How many languages were set; a failure is only logged."""
    done = 0
    for language in (None, *_NAMES):
        try:
            await bot.set_my_commands(commands_in(language or DEFAULT), language_code=language)
        except TelegramError as error:
            _log.warning("commands were not set", language=language or DEFAULT, error=type(error).__name__)
        else:
            done += 1
    return done
