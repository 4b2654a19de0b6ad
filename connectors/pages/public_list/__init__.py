"""The public list as a page and as open data."""
