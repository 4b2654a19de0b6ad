"""The commands `grid36 department` and `grid36 consume`: departments and their own programs."""
