"""Regions as folders of files: load one, make one, check one."""

from grid36.region_check import Problem, Severity, check_region
from grid36.region_files import Fault, FaultyRegion
from grid36.region_load import load_region
from grid36.region_new import FolderInUse, Head, WrongTile, WrongZone, new_region, tile_region

__all__ = [
    "Fault",
    "FaultyRegion",
    "FolderInUse",
    "Head",
    "Problem",
    "Severity",
    "WrongTile",
    "WrongZone",
    "check_region",
    "load_region",
    "new_region",
    "tile_region",
]
