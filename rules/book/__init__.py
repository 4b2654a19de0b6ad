"""A region and a rulebook made ready to decide by, and the words for its reasons."""
