"""Deliberately broken rulebooks: each file in `tests/broken` is a patch over `base` and what must be found."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from schemas.region import Region
from schemas.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "regions" / "example"
FOLDER = ROOT / "tests" / "broken"
FILES = sorted(FOLDER.glob("*.yaml"))


@cache
def example() -> tuple[Region, Rulebook]:
    """The example street with the rulebook that is broken and changed in tests: apart from the street's own, whose
    rows may move."""
    return load_region(EXAMPLE), load_rulebook(FOLDER / "base")


def read(file: Path) -> dict[str, Any]:
    """A patch: `set` and `add` by path, `remove` paths, the same for the `region`, and what to `expect`."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def broken(patch: Mapping[str, Any]) -> tuple[Region, Rulebook]:
    """The base with a patch over it."""
    region, rulebook = example()
    book = patched(rulebook.model_dump(mode="json"), patch)
    place = patched(region.model_dump(mode="json"), patch.get("region", {})) if "region" in patch else None
    return Region.model_validate(place) if place else region, Rulebook.model_validate(book)


def patched(content: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Content with `set`, `add` (to a list) and `remove` done; a step of a path is a field, or the id of a row."""
    whole: dict[str, Any] = deepcopy(content)
    for path, value in patch.get("set", {}).items():
        holder, last = _holder(whole, path)
        holder[last] = value
    for path, values in patch.get("add", {}).items():
        holder, last = _holder(whole, path)
        holder[last] = [*holder[last], *values]
    for path in patch.get("remove", ()):
        holder, last = _holder(whole, path)
        del holder[last]
    return whole


def _holder(whole: Any, path: str) -> tuple[Any, Any]:
    *steps, last = path.split(".")
    for step in steps:
        whole = whole[_key(whole, step)]
    return whole, _key(whole, last)


def _key(holder: Mapping[str, Any] | Sequence[Any], step: str) -> str | int:
    if isinstance(holder, Mapping):
        return step
    return next(i for i, row in enumerate(holder) if step in {row.get("id"), row.get("code")})
