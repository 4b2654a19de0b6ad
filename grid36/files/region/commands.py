"""Regions as folders of files: load one, make one, check one."""

from grid36.files.region.check import RegionProblem, RegionSeverity, check_region
from grid36.files.region.files import FaultyMap, FaultyRegion, RegionFault
from grid36.files.region.load import load_region
from grid36.files.region.new import (
    FolderInUse,
    Head,
    RegionPlan,
    WrongTile,
    WrongZone,
    new_region,
    plan_region,
    plan_tiles,
    tile_region,
)
from grid36.files.region.week import week_of

__all__ = [
    "FaultyMap",
    "FaultyRegion",
    "FolderInUse",
    "Head",
    "RegionFault",
    "RegionPlan",
    "RegionProblem",
    "RegionSeverity",
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
