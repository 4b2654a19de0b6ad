"""Pages of the list steward: what is in force, drafts, and activation."""
