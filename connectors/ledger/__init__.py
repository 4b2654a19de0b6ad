"""The read model: the events and texts of the log, folded into one SQLite file that pages and commands ask."""
