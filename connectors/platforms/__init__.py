"""Neighbouring platforms, such as a hotline: their rows in, each case once, and what became of them back."""
