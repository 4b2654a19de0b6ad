"""Charts of statistics: what the page's script draws, with the numbers of the table under it."""
