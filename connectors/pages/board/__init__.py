"""The live board: what is drawn beside its map, and the shapes on it."""
