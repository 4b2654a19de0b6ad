"""Responsibility lists 责任清单: items with their level, their verdict, and the days on which they hold."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.limit import Limit
from schemas.mistake import mistake, names_listed
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Code

ItemId = Annotated[str, Field(min_length=1, max_length=200)]


class Level(ChoiceEnum):
    """The level of government of a list; an item can be handled at one level and refused at another."""

    VILLAGE = "village"  # 村, 社区
    STREET = "street"  # 街道, 乡镇
    DISTRICT = "district"  # 区, 县
    CITY = "city"  # 市


class Verdict(ChoiceEnum):
    """What the responsibility list decides about an item."""

    HANDLE = "handle"  # 可办理
    ASSIST = "assist"  # 协助办理
    REFUSE = "refuse"  # 不可办理


class Life(ChoiceEnum):
    """The life cycle of an item: an active one decides; a suspended one is without effect for a time."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class AfterPhoto(ChoiceEnum):
    """Whether a case can be resolved without an after-photo."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Limits(FileModel):
    """Limits of the three clocks, counted from dispatch."""

    accept: Limit | None = None
    respond: Limit | None = None
    resolve: Limit | None = None


class Milestone(FileModel):
    """A step on the way to the resolution with its own limit, counted from dispatch: fence off, repair, restore."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
    name: Name
    limit: Limit


def milestones_once(milestones: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """The same milestones; raises `ValueError` when one appears twice."""
    ids = [milestone.id for milestone in milestones]
    if len(set(ids)) < len(ids):
        raise mistake("mistakes.milestones_twice", ids=names_listed(ids))
    return milestones


Milestones = Annotated[tuple[Milestone, ...], AfterValidator(milestones_once)]


class Redirect(FileModel):
    """Who outside this region is responsible for a refused item, and how to reach them."""

    name: Name
    address: Name | None = None
    phone: str | None = None

    @property
    def contact(self) -> Name:
        """The name, then place and telephone number in brackets, as far as known."""
        known = [self.address] if self.address else []
        known += [Name.of("words.contact.phone", phone=self.phone)] if self.phone else []
        if not known:
            return self.name
        return Name.of("words.contact.with", name=self.name, how=Name.joined("，", ", ", known))


class Item(FileModel):
    """One item at one level (None: at every level). Several versions follow each other by their dates."""

    id: ItemId
    level: Level | None = None
    name: Name
    verdict: Verdict
    lead: Code | None = None
    """The department that leads; for `refuse`, the owner elsewhere **in** the region, if there is one."""
    assists: tuple[Code, ...] = ()
    """The departments that assist 协办."""
    dual: bool = False
    """Dual dispatch 双向派单: the assisting departments get an order and clocks of their own at once."""
    post: str = ""
    """The post that handles it 岗位目录."""
    basis: str = ""
    """Legal basis, cited in refusals and orders."""
    redirect: Redirect | None = None
    limits: Limits | None = None
    """Instead of those of the category."""
    milestones: Milestones = ()
    """Instead of those of the category."""
    after_photo: AfterPhoto | None = None
    """Instead of the category's."""
    task: Name | None = None
    """What is to be done 任务明."""
    standard: Name | None = None
    """When it counts as done well 标准明."""
    guide: Name | None = None
    """The steps 步骤明."""
    method: Name | None = None
    """How each step is done 方法明."""
    life: Life = Life.ACTIVE
    valid_from: date | None = None
    """First day, in the region's zone."""
    valid_to: date | None = None
    """First day on which it no longer holds."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to:
            raise mistake("mistakes.item_dates", valid_from=self.valid_from, valid_to=self.valid_to)
        return self

    def is_for(self, level: Level) -> bool:
        """Whether it is on the list of this level; an item without a level is on all of them."""
        return self.level is None or self.level is level

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.life is Life.ACTIVE and self.dated(day)

    def rests_on(self, day: date) -> bool:
        """Whether it is suspended on this day."""
        return self.life is Life.SUSPENDED and self.dated(day)

    def dated(self, day: date) -> bool:
        """Whether the day is between its dates."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def meets(self, other: "Item") -> bool:
        """Whether two versions of one item at one level claim the same day; only active ones claim any."""
        if self.id != other.id or self.level != other.level or {self.life, other.life} != {Life.ACTIVE}:
            return False
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        return starts < min(self.valid_to or date.max, other.valid_to or date.max)
