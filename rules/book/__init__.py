"""The compiled rulebook of a region, and the sentences of reasons."""
