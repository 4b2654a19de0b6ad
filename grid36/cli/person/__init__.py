"""The command `grid36 person`: how people are reached, and how they sign in."""
