"""For the steward of the list: explain, compare, try on past cases."""
