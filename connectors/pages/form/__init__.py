"""The report form for phones: its fields, who visits it, and what makes it an app."""
