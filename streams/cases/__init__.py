"""The second step: a command becomes events of a case, and orders for departments."""
