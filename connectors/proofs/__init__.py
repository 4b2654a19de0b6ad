"""Proof for outsiders: what went between Grid36 and a partner on a day, by our log and by their statement."""
