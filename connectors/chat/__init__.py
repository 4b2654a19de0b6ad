"""What all chats share: messages that no platform shapes, the conversation, and the way from one to the other."""
