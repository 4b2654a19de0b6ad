"""The conversation: what somebody does in a chat becomes reports, acts and answers. Pure: time is an argument."""
