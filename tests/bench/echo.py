"""The floor of the library: a bare python-telegram-bot echo bot, as its own documentation begins."""

from __future__ import annotations

import sys
import warnings

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The text again."""
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    url, token = sys.argv[1:3]
    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()
