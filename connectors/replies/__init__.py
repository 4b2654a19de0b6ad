"""The way out: what happened to cases, for the people who reach us through a door."""
