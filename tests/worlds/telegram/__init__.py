"""A Telegram of our own: a server that behaves as the Bot API is documented, and phones of people who use it."""
