"""The Telegram face, over real HTTP against the stand-in of the Bot API."""
