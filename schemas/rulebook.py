"""A rulebook: responsibility lists, categories with their words, limits and the routing table."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from schemas.limit import Limit, PlainLimit
from schemas.names import Name
from schemas.people import Code
from schemas.table import Table
from schemas.value import Choice, Sheet


class Verdict(Choice):
    """What the responsibility list says of an item to this level."""

    HANDLE = "handle"
    ASSIST = "assist"
    REFUSE = "refuse"


class Redirect(Sheet):
    """Who outside this region is responsible for a refused item, and how to reach them."""

    name: Name
    address: Name | None = None
    phone: str | None = None


class Item(Sheet):
    """One item of the responsibility list 责任清单."""

    id: str
    name: Name
    verdict: Verdict
    lead: Code | None = None
    """The department that leads; for `refuse`, the owner elsewhere **in** the region, if there is one."""
    assists: tuple[Code, ...] = ()
    basis: str = ""
    """Legal basis, cited in refusals and orders."""
    redirect: Redirect | None = None
    guide: Name | None = None
    """The handling guide shown to the handler."""


class AfterPhoto(Choice):
    """Whether a case of a category can be resolved without an after-photo."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Merge(Sheet):
    """When a report of the same category is a duplicate of an open case."""

    radius_m: Annotated[float, Field(gt=0, le=5000)] = 30.0
    window: PlainLimit = "7d"
    linear: bool = False
    """The whole segment counts as one place (a dirty road)."""


class Limits(Sheet):
    """Limits of the three clocks, counted from dispatch."""

    accept: Limit | None = None
    respond: Limit | None = None
    resolve: Limit | None = None


class Verification(Sheet):
    """Who confirms a fix, and after what time the policy does."""

    policy_after: Limit = "3d"


class Category(Sheet):
    """A category of cases: its words in reports, its item, its limits."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Name
    words: tuple[str, ...] = ()
    item: str | None = None
    after_photo: AfterPhoto = AfterPhoto.OPTIONAL
    merge: Merge | None = None
    limits: Limits = Limits()
    verification: Verification = Verification()


class Policy(Sheet):
    """Numbers that hold for all categories. Sample configuration, never "the standard"."""

    return_cap: Annotated[int, Field(ge=0, le=20)] = 2
    reminders: Annotated[int, Field(ge=0, le=20)] = 2
    remind_every: Limit = "24h"
    """A waiting report is asked again after this; unanswered after the last reminder it is refused."""
    request_lapses: Limit = "24h"
    """A pause or extension that nobody decides lapses as denied."""
    reopen_window: Limit = "7d"
    ladder_step: Limit = "24h"
    """After a missed resolution deadline the case climbs one more rung each time this passes."""
    reopen_limit: Annotated[int, Field(ge=0, le=20)] = 3


class Rulebook(Sheet):
    """All of it, addressed by the hash of its content."""

    name: str
    author: str = ""
    note: str = ""
    default_category: str
    """Category of reports whose words match none."""
    categories: tuple[Category, ...] = Field(min_length=1)
    items: tuple[Item, ...] = ()
    routing: Table
    """Inputs from `schemas.table.FACTS`. Outputs of a row: `assign` (`segment_owner`, `grid_head`, `department`, or
    a person id), optional `department` (code), optional `item` (item id)."""
    policy: Policy = Policy()

    @field_validator("categories", "items")
    @classmethod
    def _once(cls, rows: tuple[Category | Item, ...]) -> tuple[Category | Item, ...]:
        seen: set[str] = set()
        for row in rows:
            if row.id in seen:
                raise ValueError(f"{row.id!r} stands twice; keep one")
            seen.add(row.id)
        return rows

    @model_validator(mode="after")
    def _whole(self) -> Self:
        items = {item.id for item in self.items}
        faults = [
            f"category {c.id!r} names item {c.item!r}, which is not on the list"
            for c in self.categories
            if c.item is not None and c.item not in items
        ]
        if self.default_category not in {c.id for c in self.categories}:
            faults.append(f"default_category {self.default_category!r} is not a category")
        for number, row in enumerate(self.routing.rows, 1):
            named = row.then.get("item")
            if named is not None and named not in items:
                faults.append(f"routing row {number} ({row.id!r}) names item {named!r}, which is not on the list")
            if "assign" not in row.then:
                faults.append(f"routing row {number} ({row.id!r}) has no `assign`")
        if faults:
            raise ValueError("; ".join(faults))
        return self
