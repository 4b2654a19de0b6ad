"""Looks at everything that an operator would look at, and changes nothing."""
