#!/usr/bin/env bash
# pyproj 3.7.2: official grid and road files of China are in CGCS2000 (EPSG:4490), phones give WGS-84 (EPSG:4326); the
# two differ by centimetres.
# Guess: a transformation between them is registered, so allow_ballpark=False, which asks for a certain one, works.
# Seen:  there is none. With allow_ballpark=False it raises; by default it hands the coordinates through unchanged, and
#        its accuracy is unknown (-1).
# So:    convert strips of CGCS2000 to its own degrees and take those as WGS-84, or leave ballpark on and know it.
. "$(dirname "$0")/kafka.sh"
packages pyproj==3.7.2
python - <<'P'
from pyproj import Transformer
from pyproj.exceptions import ProjError

try:
    Transformer.from_crs(4490, 4326, allow_ballpark=False, always_xy=True).transform(118.082, 24.461)
    certain = "works"
except ProjError:
    certain = "raises"
default = Transformer.from_crs(4490, 4326, always_xy=True)
moved = default.transform(118.082, 24.461)
print(f"allow_ballpark=False {certain}; by default {moved}, accuracy {default.accuracy}")
assert certain == "raises"
assert moved == (118.082, 24.461)
assert default.accuracy == -1
P
