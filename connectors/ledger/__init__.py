"""The read model: folds events and texts of the log into a SQLite file that pages and commands query."""
