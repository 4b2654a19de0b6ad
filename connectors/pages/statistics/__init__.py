"""Statistics: metrics of the catalogue by department, category, segment, grid or community, month by month."""
