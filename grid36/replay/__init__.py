"""Past cases from a file: as history into an empty system, or through `reports` into a live one."""
