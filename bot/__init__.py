"""The bot: one turn of a conversation, the faces that carry it (Telegram, web, terminal), and the one place that wires."""
