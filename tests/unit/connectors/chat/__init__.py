"""Unit tests of what all chats share."""
