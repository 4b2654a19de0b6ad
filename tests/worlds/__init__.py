"""Small invented places to test on: streets, towns, calendars, doors, logs."""
