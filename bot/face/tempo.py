"""How fast and how long: every figure of the Telegram face in one place, so that a test can hurry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tempo:
    """Seconds, unless named otherwise."""

    poll: float = 30  # how long Telegram may hold an empty poll; its server allows 50
    same_offset: float = 0.6  # Telegram gives one update only when the same offset returns within 0.5
    update: float = 20  # a turn that takes longer has failed
    patience: float = 4  # after this the person is told that it goes on
    between_attempts: float = 0.2
    stop: float = 10  # what running turns get on a graceful stop
    chats_at_once: int = 32
    waiting_per_chat: int = 20  # more than a person writes while one answer is made
    messages_per_second: float = 25  # Telegram: about 30
    burst: float = 3
    chat_seconds: float = 1.05  # Telegram: about one message a second in a chat
    chat_burst: float = 3
    group_seconds: float = 3.1  # Telegram: 20 a minute
    send: float = 60  # a message that fails this long, while others pass, is given up
    back_off_first: float = 0.5
    back_off_most: float = 4  # who writes right after an outage is not to wait for the next look
    webhook_at_once: int = 64
    lead_retry: float = 1  # how often a standby tries to take over
    heartbeat: float = 2
    notices: float = 300  # how often somebody looks whether a coordinator's morning notice is due
