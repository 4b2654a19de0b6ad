"""A rulebook: responsibility lists, categories with their words, limits and the routing table."""

from collections.abc import Iterator
from typing import Annotated, Final, Self, TypeVar

from pydantic import AwareDatetime, Field, field_validator, model_validator

from schemas.change_steps import MOST, ChangeStep
from schemas.duty import Duty
from schemas.items import AfterPhoto, Item, Level, Limits, Milestones
from schemas.limit import Limit, PlainLimit
from schemas.mistake import Said, mistake, mistakes, said
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Id
from schemas.replacing import wrong_replacing
from schemas.report import ReportKind
from schemas.table import Table
from schemas.trust import ReporterKind, Trust
from schemas.whistles import ReportIn, Whistle, WhistleClass


class Merge(FileModel):
    """When a report of the same category is a duplicate of an open case."""

    radius_m: Annotated[float, Field(gt=0, le=5000)] = 30.0
    window: PlainLimit = "7d"
    linear: bool = False
    """The whole segment counts as one place (a dirty road)."""


class Verification(FileModel):
    """Who confirms a fix, and after how long it counts as confirmed."""

    policy_after: Limit = "3d"


class AttributeValue(FileModel):
    """One value of a free attribute, with the words in a report that mean it."""

    id: Annotated[str, Field(min_length=1, max_length=60)]
    name: Name
    words: tuple[str, ...] = ()


class Attribute(FileModel):
    """A free attribute of reports, such as the kind of land; tables use it as the fact `attr_<id>`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    name: Name
    values: Annotated[tuple[AttributeValue, ...], Field(min_length=1)]


class Example(FileModel):
    """A golden example: facts, and the row of the routing table that must win for them (None: the default)."""

    given: dict[str, str | int]
    row: str | None = None
    note: str = ""


class PlaceNeed(ChoiceEnum):
    """Whether a case can be handled without a place."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Category(FileModel):
    """A category of cases: its words in reports, its item, its limits."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Name
    words: tuple[str, ...] = ()
    urgent: bool = False
    """All its cases are urgent."""
    item: str | None = None
    after_photo: AfterPhoto = AfterPhoto.OPTIONAL
    place: PlaceNeed = PlaceNeed.REQUIRED
    """Optional: a report without a usable place goes at once to the person on the list, or the fallback owner."""
    merge: Merge | None = None
    limits: Limits = Limits()
    milestones: Milestones = ()
    """Steps on the way to the resolution; one due at the same time is the resolution deadline itself."""
    verification: Verification = Verification()
    replaces: tuple[str, ...] = ()
    """Ids of earlier categories or subcategories that became this one and still mean it."""


class Subcategory(FileModel):
    """A subcategory (小类), recognised by its words in reports; no category has its id."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    category: str
    name: Name
    words: tuple[str, ...] = ()
    urgent: bool = False
    replaces: tuple[str, ...] = ()
    """As in a category."""


class OffList(ChoiceEnum):
    """The admission gate 准入: what happens to a task that a department pushes down and that is not on the list."""

    REFUSE = "refuse"
    APPROVE = "approve"  # it waits for the named approver


REMEDY_WITHIN: Final = "15wd"


class Policy(FileModel):
    """Settings for all categories. The defaults are samples, never "the standard"."""

    return_cap: Annotated[int, Field(ge=0, le=20)] = 2
    reminders: Annotated[int, Field(ge=0, le=20)] = 2
    remind_every: Limit = "24h"
    """The reporter of a waiting report is reminded after these; unanswered after the last one, it is refused."""
    request_lapses: Limit = "24h"
    """A pause or extension that nobody decides by then is denied."""
    reopen_window: Limit = "7d"
    rating_window: Limit = "7d"
    """How long a reporter can rate the result; a closed case is archived when both windows are over."""
    ladder_step: Limit = "24h"
    """After a missed resolution deadline the case climbs one more rung each time this has passed."""
    reopen_limit: Annotated[int, Field(ge=0, le=20)] = 3
    self_handled_sample: Annotated[int, Field(ge=0, le=100)] = 10
    """Percentage of cases fixed on the spot that an inspector checks, chosen by the hash of the number."""
    off_list: OffList = OffList.REFUSE
    approver: Id | None = None
    """Who admits a pushed task that is not on the list."""
    admission_lapses: Limit = "3d"
    """A pushed task that nobody admits by then is refused."""
    assist: ReportIn = ReportIn()
    """Limits of a department that the list calls besides the lead."""
    rating_lapses: Limit = "7d"
    """How long the street can rate a report-in; after that it is shown as not rated."""
    offer_lapses: Limit = "2h"
    """An offer that nobody accepts by then goes to more people, and then to the person on the list."""
    change_steps: Annotated[tuple[ChangeStep, ...], Field(max_length=MOST, exclude_if=lambda steps: not steps)] = ()
    """What comes before the approval of a proposed change of the list, in this order; none: one person approves it.

    Without steps a list has the address that earlier releases gave it, and they can read it.
    """
    remedy_within: Annotated[Limit, Field(exclude_if=lambda limit: limit == REMEDY_WITHIN)] = REMEDY_WITHIN
    """How long a standing remedy may take. The usual one is left out, and the list keeps its address."""
    whistles: dict[WhistleClass, ReportIn] = Field(default_factory=dict)
    """Limits of a report-in by the class of the whistle; those of `ReportIn` where a class is not named."""
    without_place: tuple[ReportKind, ...] = ()
    """Kinds of report that need no place, whatever their category."""
    urgent_words: tuple[str, ...] = ()
    """Words in a report that make it urgent, whatever its category."""
    trust: dict[ReporterKind, Trust] = Field(default_factory=dict)
    """How far reports are trusted, by who sends them; `schemas.trust.DEFAULTS` where a kind is not named."""

    @field_validator("change_steps")
    @classmethod
    def _steps_once(cls, steps: tuple[ChangeStep, ...]) -> tuple[ChangeStep, ...]:
        ids = [each.id for each in steps]
        for each in ids:
            if ids.count(each) > 1:
                raise mistake("mistakes.row_twice", row=each)
        return steps


_Row = TypeVar("_Row", Category, Subcategory, Whistle, Attribute, Duty)


class Rulebook(FileModel):
    """All of it, addressed by the hash of its content."""

    name: str
    author: str = ""
    note: str = ""
    effective_from: AwareDatetime | None = None
    """When its author wants it to take effect; the moment of activation decides."""
    level: Level = Level.STREET
    """The level of government that this list is for."""
    default_category: str
    """Category of reports whose words match no category."""
    categories: tuple[Category, ...] = Field(min_length=1)
    subcategories: tuple[Subcategory, ...] = ()
    items: tuple[Item, ...] = ()
    routing: Table
    """Inputs from `schemas.table.FACTS`. Outputs of a row: `assign` (`segment_owner`, `grid_head`, `department`, or
    a person id), optional `department` (code), optional `item` (item id), optional `offer` (`workers` of the grid or
    `volunteers`: the first who accepts has it)."""
    joint: Table | None = None
    """Hit policy C: every row that matches names a `department` that assists with an order and clocks of its own."""
    limits: Table | None = None
    """Limits by more than the category: outputs `accept`, `respond`, `resolve`; the item sets what it leaves open,
    then the category. `milestones` changes the steps of the item or category: `schemas.milestone_overrides`."""
    attributes: tuple[Attribute, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    duties: tuple[Duty, ...] = ()
    examples: tuple[Example, ...] = ()
    policy: Policy = Policy()

    @property
    def tables(self) -> tuple[Table, ...]:
        """All its decision tables."""
        return tuple(table for table in (self.routing, self.joint, self.limits) if table is not None)

    @property
    def filed(self) -> tuple[Category | Subcategory, ...]:
        """All categories and subcategories."""
        return (*self.categories, *self.subcategories)

    def called(self) -> dict[str, tuple[str, ...]]:
        """Every id that means a category, also of an earlier list, to all ids that mean it, its own first."""
        names = {each.id: [each.id, *each.replaces] for each in self.categories}
        for part in self.subcategories:
            names[part.category] += part.replaces
        return {id: tuple(all_) for own, all_ in names.items() for id in (own, *all_)}

    def category(self, id: str) -> Category | None:
        """The category of this id, or the one that replaces it; None for any other word."""
        named = next((each for each in self.categories if each.id == id), None)
        return named or next((each for each in self.categories if id in each.replaces), None)

    @field_validator("categories", "subcategories", "whistles", "attributes", "duties")
    @classmethod
    def _once(cls, rows: tuple[_Row, ...]) -> tuple[_Row, ...]:
        seen: set[str] = set()
        for row in rows:
            if row.id in seen:
                raise mistake("mistakes.row_twice", row=row.id)
            seen.add(row.id)
        return rows

    @field_validator("items")
    @classmethod
    def _one_version_a_day(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        before: dict[str, list[tuple[int, Item]]] = {}
        for number, item in enumerate(items, 1):
            for earlier, other in before.setdefault(item.id, []):
                if item.meets(other):
                    raise mistake("mistakes.item_twice", item=item.id, earlier=earlier, number=number)
            before[item.id].append((number, item))
        return items

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if faults := [*self._unknown_names(), *self._wrong_outputs()]:
            raise mistakes(faults)
        return self

    def _unknown_names(self) -> Iterator[Said]:
        items = {item.id for item in self.items}
        for category in self.categories:
            if category.item is not None and category.item not in items:
                yield said("mistakes.category_item", category=category.id, item=category.item)
        if self.default_category not in {c.id for c in self.categories}:
            yield said("mistakes.default_category", category=self.default_category)
        known = {category.id for category in self.categories}
        for each in self.subcategories:
            if each.category not in known:
                yield said("mistakes.subcategory_category", id=each.id, category=each.category)
            if each.id in known:
                yield said("mistakes.subcategory_id", id=each.id)
        yield from wrong_replacing((each.id, each.replaces) for each in self.filed)
        for duty in self.duties:
            if duty.category is not None and duty.category not in known:
                yield said("mistakes.duty_category", duty=duty.id, category=duty.category)
        for number, row in enumerate(self.routing.rows, 1):
            named = row.then.get("item")
            if named is not None and named not in items:
                yield said("mistakes.routing_item", number=number, row=row.id, named=named)

    def _wrong_outputs(self) -> Iterator[Said]:
        for number, row in enumerate(self.routing.rows, 1):
            if "assign" not in row.then:
                yield said("mistakes.routing_assign", number=number, row=row.id)
        for number, row in enumerate(self.joint.rows if self.joint else (), 1):
            if not isinstance(row.then.get("department"), str):
                yield said("mistakes.joint_department", number=number, row=row.id)
        if self.joint is not None and self.joint.hit_policy != "C":
            yield said("mistakes.joint_policy", policy=self.joint.hit_policy)
        for name in {table.name for table in self.tables}:
            if sum(table.name == name for table in self.tables) > 1:
                yield said("mistakes.table_twice", name=name)
