"""Bodies: the raw fields of something sent, and its photos."""
