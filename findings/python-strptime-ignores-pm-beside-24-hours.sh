#!/usr/bin/env bash
# Python 3.11's datetime.strptime: a time of a twelve-hour clock, read by a format that says %H where %I is meant.
# Guess: "01:30 PM" by "%H:%M %p" is 13:30, or an error, because an hour of 24 and a half of the day do not go together.
# Seen:  it is 01:30, and so is "01:30 AM": %p is read, must be AM or PM, and counts for nothing. "13:30 AM" is 13:30.
#        pandas 3.0.3 by the same format does the same. A footnote of Python's documentation says so; no warning does.
# So:    a format that holds %p holds %I. Refuse a mapping in which %p stands beside %H, before the first row is read.
. "$(dirname "$0")/kafka.sh"
packages pandas==3.0.3
python - <<'P'
import sys
from datetime import datetime

import pandas

read = {text: datetime.strptime(text, "%H:%M %p").strftime("%H:%M") for text in ("01:30 PM", "01:30 AM", "13:30 AM")}
right = datetime.strptime("01:30 PM", "%I:%M %p").strftime("%H:%M")
in_pandas = pandas.to_datetime("01:30 PM", format="%H:%M %p").strftime("%H:%M")
print(f"Python {sys.version.split()[0]}: {read}, with %I {right}; pandas {pandas.__version__}: {in_pandas}")
assert read == {"01:30 PM": "01:30", "01:30 AM": "01:30", "13:30 AM": "13:30"}
assert right == "13:30"
assert in_pandas == "01:30"
P
