"""`python -m bench --against REF`: this tree beside another, measured in turns, as ratios."""
