"""The public list: for everybody who does what, what they need, where to go and by when; no person and no number."""
