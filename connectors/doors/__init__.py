"""The ways in: one folder for each kind of door."""
