"""The acceptance run on a real city's file: `python -m tests.accept DATA` (`make accept DATA=dir`)."""
