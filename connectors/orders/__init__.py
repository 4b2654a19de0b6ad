"""Orders for the programs of departments: what is open, and the acts that come back."""
