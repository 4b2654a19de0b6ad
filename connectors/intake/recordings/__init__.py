"""Voice messages: stored as they came; nobody writes down what they say."""
