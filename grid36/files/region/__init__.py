"""Region files and map files."""
