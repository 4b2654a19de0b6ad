"""Cases for their readers: how things are called, what happened, and whose they are. For pages and chats."""
