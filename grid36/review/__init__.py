"""Commands for the list steward: check, compare, explain, try, approve."""
