"""Kill anything: whole systems under load are broken in every way we can think of, then every record is counted.

`python -m tests.faults` (or `make faults`) runs all of it; `tests/acceptance/test_faults.py` a short form.
"""
