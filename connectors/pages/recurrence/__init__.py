"""The page of hot spots, and its file."""
