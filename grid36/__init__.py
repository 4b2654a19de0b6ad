"""The command `grid36`: settings, the one-machine mode, and the composition root."""
