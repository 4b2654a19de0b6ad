"""For the steward of the list: check, compare, explain, try, approve."""
