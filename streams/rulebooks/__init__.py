"""The topic of rulebooks: published, planned, loaded and kept at hand."""
