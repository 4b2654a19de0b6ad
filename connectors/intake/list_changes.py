"""Reads a proposed list change from a submission: a whole item, or the fields that differ from the one in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from connectors.intake.context import Gateway
from connectors.intake.submission import ReportSubmission
from connectors.intake.validation import SHOWN, Faults
from schemas.case import Case
from schemas.codec import faults as described
from schemas.item_list import ItemList
from schemas.items import Item, Life
from schemas.rights import may_propose

SET_BY_ACTIVATION: Final = frozenset({"valid_from", "valid_to"})
"""Fields that say when a version is in force; they are set when it is activated."""


class Proposed(NamedTuple):
    """A proposed version and the version it replaces ({} for a new item), as JSON of items."""

    change: dict[str, Any] | None = None
    before: dict[str, Any] | None = None


def in_force(items: ItemList, item: str, t_ms: int, zone: ZoneInfo) -> Item | None:
    """The version of an item in force at `t_ms` on the list of this level; otherwise its latest version."""
    versions = items.own(item)
    return items.in_force(item, datetime.fromtimestamp(t_ms / 1000, zone).date()) or (
        versions[-1] if versions else None
    )


def differing(before: Item | None, after: Item) -> dict[str, tuple[Any, Any]]:
    """What a proposal changes: by field, the value before (None for a new item) and after, as JSON."""
    old = before.model_dump(mode="json") if before is not None else {}
    new = after.model_dump(mode="json")
    return {
        name: (old.get(name), value)
        for name, value in new.items()
        if name not in SET_BY_ACTIVATION and (old.get(name) or None) != (value or None)
    }


def check_change(sent: ReportSubmission, gateway: Gateway, by: str, faults: Faults) -> Proposed:
    """The version of an item that `by` proposes, and the version it replaces.

    Empty if absent or wrong. It needs a place, and a person who may draft the list.
    """
    given = sent.change
    if given is None:
        return Proposed()
    if not sent.says_where:
        faults.fault("change_without_place", "code")
    if not isinstance(given.get("id"), str):
        faults.fault("missing", "change.id")
        return Proposed()
    before = in_force(gateway.items, given["id"], gateway.clock(), ZoneInfo(gateway.region.zone))
    base = before.model_dump(mode="json", exclude_defaults=True, exclude=set(SET_BY_ACTIVATION)) if before else {}
    if base.get("life") == Life.PROPOSED:
        del base["life"]  # approval makes it active
    try:
        item = Item.model_validate(_over(base, given))
    except ValidationError as error:
        faults.fault("bad_change", "change", detail=described(error))
        return Proposed()
    known = {each.code for each in gateway.region.organisations}
    unknown = [code for code in (item.lead, *item.assists) if code is not None and code not in known]
    for code in unknown:
        faults.fault("not_one_of", "change", given=code, known=", ".join(sorted(known)))
    if not differing(before, item):
        faults.fault("change_of_nothing", "change", given=item.id)
    elif sent.says_where and not unknown and not _may(sent, gateway, by):
        person = gateway.directory.person(by)
        faults.fault("may_not_propose", "reporter", by=person.name if person else by[:SHOWN])
    return Proposed(
        item.model_dump(mode="json", exclude_defaults=True),
        {} if before is None else before.model_dump(mode="json", exclude_defaults=True),
    )


def before_of(case: Case, item: Item, items: ItemList, zone: ZoneInfo) -> Item | None:
    """The version that a case proposes to replace, as it was on its day; None for a new item.

    Cases of early releases did not store it: for them, the version that the current list has for that day.
    """
    if case.change_before is None:
        return in_force(items, item.id, case.submitted_ms, zone)
    try:
        return Item.model_validate(case.change_before)
    except ValidationError:
        return None


def _may(sent: ReportSubmission, gateway: Gateway, by: str) -> bool:
    """True if `by` may propose changes there; at this point only the code of a grid gives the place."""
    grid = gateway.directory.grid(sent.code)
    return may_propose(by, grid.id if grid else None, gateway.directory)


def _over(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Merge `given` into `base`; names and texts are merged by language."""
    result = dict(base)
    for name, value in given.items():
        old = result.get(name)
        result[name] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result
