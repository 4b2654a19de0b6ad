"""Parts of the page of a case: its clocks, who has had it, who was told, and its photos side by side."""
