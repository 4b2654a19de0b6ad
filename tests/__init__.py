"""The tests of Grid36."""
