"""What happens next in a conversation: events in, steps out, by a table.

Pure: no Telegram, no database, no network, no clock, no random. The same event in the same state is
always followed by the same steps, so the whole conversation can be tested and drawn from its table.
"""
