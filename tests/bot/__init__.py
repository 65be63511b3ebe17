"""The bot: conversation, turn, buttons, sessions, settings, logs, web chat, terminal."""
