"""Changes of the list 动态调整: proposed from the front line, approved by a second person, then effective.

A proposal is a case like any other: it has a number, an owner (the list steward), clocks and a history.
"""

from datetime import date
from typing import Any

from pydantic import ValidationError

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because
from rules.check.all import check_lists
from rules.check.problem import Problem, Severity
from rules.routing.route import Route, name_of
from schemas.case import Case
from schemas.case_roles import consulted
from schemas.change_steps import CaseChangeStep, step_due
from schemas.items import Item, Life
from schemas.people import Power, Role
from schemas.rulebook import Rulebook


def proposed(case: Case) -> Item | None:
    """The version of an item that a case proposes; None when it proposes none or an invalid one."""
    if case.change is None:
        return None
    try:
        return Item.model_validate(case.change)
    except ValidationError:
        return None


def to_steward(case: Case, item: Item, book: CompiledRulebook) -> Route:
    """The route of a proposal: to the first list steward (by id) who can decide it, or somebody else who can.

    While steps come before the approval, to the first one of the step. Never to who proposed or returned it.
    Without a list steward, the fallback owner gets it as a gap.
    """
    step = step_due(case.change_steps)
    if step is not None:
        return _to_step(case, item, step, book)
    grid, directory = case.place.grid if case.place else None, book.directory
    known = {person.id for person in book.region.persons if Role.LIST_STEWARD in person.roles}
    able = {each for each in directory.holders(Power.LIST_APPROVAL) if directory.holds(Power.LIST_APPROVAL, each, grid)}
    able -= {case.reporter, *case.returned_by}
    stewards = sorted(able & known) or sorted(able if known else ())
    owner = stewards[0] if stewards else book.region.fallback_owner
    reason = because("list_change", item=item.name, person=name_of(owner, book))
    department = book.department(book.region.fallback_department)
    return Route(reason, owner, department=department, item=case.item, gap=not stewards)


def _to_step(case: Case, item: Item, step: CaseChangeStep, book: CompiledRulebook) -> Route:
    """The route to whoever says yes or no in a step; where nobody can, to the fallback owner as a gap."""
    able = sorted({*consulted(step, book.directory)} - {case.reporter, *case.returned_by})
    owner = able[0] if able else book.region.fallback_owner
    reason = because("change_step", item=item.name, step=step.name, person=name_of(owner, book))
    department = book.department(book.region.fallback_department)
    return Route(reason, owner, department=department, item=case.item, gap=not able)


def wrong_with(item: Item, book: CompiledRulebook, day: date) -> list[Problem]:
    """Errors that this version would add to the list from `day` on."""
    before = {(each.code, each.text) for each in check_lists(book.region, book.rulebook, day)}
    after = check_lists(book.region, with_change(book.rulebook, item, day), day)
    return [each for each in after if each.severity is Severity.ERROR and (each.code, each.text) not in before]


def with_change(rulebook: Rulebook, item: Item, day: date) -> Rulebook:
    """The rulebook with this version of the item from `day` on: the version in force ends the day before.

    Versions with a later first day are dropped, because the change was made without knowing them.
    """
    items: list[Item] = []
    for each in rulebook.items:
        if (each.id, each.level) != (item.id, item.level) or each.life is not Life.ACTIVE:
            items.append(each)
        elif each.valid_from is None or each.valid_from < day:
            ends = day if each.valid_to is None else min(day, each.valid_to)
            items.append(each.model_copy(update={"valid_to": ends}))
    life = Life.ACTIVE if item.life is Life.PROPOSED else item.life
    new: dict[str, Any] = {"life": life, "valid_from": day, "valid_to": None}
    return Rulebook.model_validate(
        rulebook.model_copy(update={"items": (*items, item.model_copy(update=new))}).model_dump(mode="json")
    )
