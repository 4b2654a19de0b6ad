"""The read model: events and texts of the log, folded into one SQLite file that pages and commands query."""
