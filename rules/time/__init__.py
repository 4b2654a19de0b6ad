"""Working time: shifts, holidays, and what falls due when."""
