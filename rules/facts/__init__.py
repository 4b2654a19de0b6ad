"""Facts about a report or a case, as decision tables use them."""
