#!/usr/bin/env bash
# holidays 0.109: China's make-up workdays 调休 are announced a year at a time, and `weekend_workdays` holds them.
# Guess: for a year that nobody has announced it is empty, so emptiness says that a year is not known yet.
# Seen:  it is never empty: whatever years are asked for, it also holds days of years that were not.
# So:    look for days of the year itself; and none of them does not mean that there are none.
. "$(dirname "$0")/kafka.sh"
packages holidays==0.109
python - <<'P'
from holidays import country_holidays

days = country_holidays("CN", years=[2031]).weekend_workdays
of_the_year = [day for day in days if day.year == 2031]
print(f"asked for 2031: {len(days)} make-up days, of 2031: {len(of_the_year)}, from {min(days)} to {max(days)}")
assert days
assert not of_the_year
P
