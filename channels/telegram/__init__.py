"""Telegram, by webhook or by long polling. Private chats only."""
