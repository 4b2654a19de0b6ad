"""Decision tables: which rows match what is known."""
