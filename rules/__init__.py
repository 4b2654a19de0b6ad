"""The rules: facts in, decisions with their reasons out. No I/O and no clock."""
