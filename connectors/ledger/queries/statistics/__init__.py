"""Statistics: any metric of the catalogue, of cases grouped by one dimension, over periods of days."""
