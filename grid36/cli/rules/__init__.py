"""The command `grid36 rules`: one module per kind of command."""
