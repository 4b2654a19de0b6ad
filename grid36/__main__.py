"""`python -m grid36` is the command `grid36`."""

from grid36.cli import main

main()
