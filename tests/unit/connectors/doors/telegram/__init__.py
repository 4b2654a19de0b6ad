"""Tests of the Telegram door, against a Telegram of our own and python-telegram-bot."""
