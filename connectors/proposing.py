"""A proposed change of the list, as its door takes it: whole, or only what differs from the version in force.

Programs send one object `change`; forms send parts of it, such as `change.id` and `change.verdict`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from connectors.context import Gateway
from connectors.fields import PLACE, Fields
from schemas.codec import faults
from schemas.items import Item
from schemas.rulebook import Rulebook

SET_BY_ACTIVATION: Final = frozenset({"life", "valid_from", "valid_to"})
"""Fields that say from when a version holds: whoever activates it decides them."""
PARTS: Final = ("id", "name", "verdict", "lead")
"""What forms send; a name in whatever language it is written."""


def in_force(rulebook: Rulebook, item: str, t_ms: int, zone: ZoneInfo) -> Item | None:
    """The version of an item that holds at `t_ms` on the list of this level; else the last one there is."""
    day = datetime.fromtimestamp(t_ms / 1000, zone).date()
    versions = [each for each in rulebook.items if each.id == item and each.is_for(rulebook.level)]
    holding = next((each for each in versions if each.holds_on(day)), None)
    return holding or (versions[-1] if versions else None)


def differing(before: Item | None, after: Item) -> dict[str, tuple[Any, Any]]:
    """What a proposal changes: field to its value before (None for a new item) and after, as JSON."""
    old = before.model_dump(mode="json") if before is not None else {}
    new = after.model_dump(mode="json")
    return {
        name: (old.get(name), value)
        for name, value in new.items()
        if name not in SET_BY_ACTIVATION and (old.get(name) or None) != (value or None)
    }


def take_change(fields: Fields, gateway: Gateway) -> dict[str, Any] | None:
    """The proposed version of an item from the field `change`; None when absent or wrong. It needs a place."""
    given = _given(fields)
    if given is None:
        return None
    if not fields.any_of(*PLACE):
        fields.fault("change_without_place", "code")
    if not isinstance(given.get("id"), str):
        fields.fault("missing", "change.id")
        return None
    before = in_force(gateway.rulebook, given["id"], gateway.clock(), ZoneInfo(gateway.region.zone))
    base = before.model_dump(mode="json", exclude_defaults=True, exclude=set(SET_BY_ACTIVATION)) if before else {}
    try:
        item = Item.model_validate(_over(base, given))
    except ValidationError as error:
        fields.fault("bad_change", "change", detail=faults(error))
        return None
    known = {each.code for each in gateway.region.organisations}
    for code in (item.lead, *item.assists):
        if code is not None and code not in known:
            fields.fault("not_one_of", "change", given=code, known=", ".join(sorted(known)))
    if not differing(before, item):
        fields.fault("change_of_nothing", "change", given=item.id)
    told: dict[str, Any] = item.model_dump(mode="json", exclude_defaults=True)
    return told


def _given(fields: Fields) -> dict[str, Any] | None:
    whole = fields.mapping("change")
    if whole is not None or fields.has("change"):
        return whole
    parts: dict[str, Any] = {part: text for part in PARTS if (text := fields.text(f"change.{part}"))}
    if "name" in parts:
        parts["name"] = {"zh": parts["name"]}
    return parts or None


def _over(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with what is given over it, names and texts language by language."""
    result = dict(base)
    for name, value in given.items():
        old = result.get(name)
        result[name] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result
