"""Units of what pages and chats know of a case."""
