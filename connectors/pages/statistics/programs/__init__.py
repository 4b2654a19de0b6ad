"""Statistics for programs: one row for each group and period, as Parquet and as JSON."""
