"""The web: the chat page for people without Telegram, and the addresses by which operators see that it lives.

No framework in the browser, no request to a third party, no cookie that lives longer than the visit.
"""
