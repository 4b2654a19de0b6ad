"""Regions as folders of files: load one, make one, check one."""

from grid36.files.region.check import Problem, Severity, check_region
from grid36.files.region.files import Fault, FaultyMap, FaultyRegion
from grid36.files.region.load import load_region
from grid36.files.region.new import (
    FolderInUse,
    Head,
    Plan,
    WrongTile,
    WrongZone,
    new_region,
    plan_region,
    plan_tiles,
    tile_region,
)
from grid36.files.region.week import week_of

__all__ = [
    "Fault",
    "FaultyMap",
    "FaultyRegion",
    "FolderInUse",
    "Head",
    "Plan",
    "Problem",
    "Severity",
    "WrongTile",
    "WrongZone",
    "check_region",
    "load_region",
    "new_region",
    "plan_region",
    "plan_tiles",
    "tile_region",
    "week_of",
]
