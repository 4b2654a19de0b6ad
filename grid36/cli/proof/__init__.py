"""The command `grid36 proof`: what went between Grid36 and its partners, by both sides."""
