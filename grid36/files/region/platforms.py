"""`platforms.yaml` of a region: its neighbouring platforms by their codes."""

from pathlib import Path

from grid36.files.region.files import RegionFaults, find, read_yaml
from schemas.names import Name
from schemas.platform import NeighbourPlatform

FILE = "platforms.yaml"


def read_platforms(folder: Path, faults: RegionFaults) -> tuple[NeighbourPlatform, ...]:
    """The platforms of the region in `folder`; none without the file, or with faults, which go to `faults`."""
    if not find(folder, FILE).exists():
        return ()
    platforms = []
    for code, fields in read_yaml(folder, FILE, faults).items():
        if not isinstance(fields, dict):
            faults.add(FILE, Name.of("files.fault.not_key_value_lines"), column=str(code))
        elif (platform := faults.model(NeighbourPlatform, {**fields, "code": str(code)}, FILE)) is not None:
            platforms.append(platform)
    return tuple(platforms)
