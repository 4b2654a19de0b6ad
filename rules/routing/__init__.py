"""Who is responsible: by the list, by offer, by admission; and what looks like a duplicate."""
