"""What a decision is made of: its context, its builder, and the fold of its events."""
