"""A system of an earlier release, upgraded with everything killed in the middle."""
