"""Unit tests, mirroring the code file by file."""
