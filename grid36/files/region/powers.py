"""The delegated powers 赋权 in `region.yaml`: each row names a power, and who holds it, by names that exist."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from grid36.files.region.files import RegionFaults
from grid36.files.region.parts import Parts
from schemas.names import Name
from schemas.people import Power, Role

FILE: Final = "region.yaml"
_KEYS: Final = ("power", "roles", "persons", "grids")


def check_powers(raw: Any, parts: Parts, faults: RegionFaults) -> None:
    """Add a fault for each unknown power, role, person or grid, and for a power that names nobody."""
    if raw is None:
        return
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        faults.add(FILE, Name.of("files.powers.not_rows"), column="powers")
        return
    known = {
        "power": [power.value for power in Power],
        "roles": [role.value for role in Role],
        "persons": [part.what.id for part in parts.persons],
        "grids": [part.what.id for part in parts.grids],
    }
    for number, row in enumerate(raw, 1):
        for column, text in _wrong(row, known):
            faults.add(FILE, text, column=f"powers[{number}].{column}")


def _wrong(row: Mapping[str, Any], known: Mapping[str, list[str]]) -> Iterator[tuple[str, Name]]:
    for key in sorted(str(key) for key in row.keys() - set(_KEYS)):
        yield key, Name.of("files.powers.no_such_setting", keys=", ".join(_KEYS))
    for column in _KEYS:
        given = [row.get(column)] if column == "power" else row.get(column) or []
        if not isinstance(given, list):
            yield column, Name.of("files.powers.not_a_list")
            continue
        for name in given:
            if name not in known[column]:
                shown = ", ".join(known[column][:20])
                yield column, Name.of("files.powers.no_such_name", name=name, shown=shown)
    if not row.get("roles") and not row.get("persons"):
        yield "roles", Name.of("files.powers.no_holder")
