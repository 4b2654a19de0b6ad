"""Routing: one accountable assignee, a refusal that cites the item, or the fallback owner, marked as a gap."""

from dataclasses import dataclass, replace

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because, explained
from rules.decision.draft import DecisionContext
from rules.facts.routing_facts import RoutingFacts, question
from rules.tables.matcher import Conflict, Hit, choose
from schemas.event import Because
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.pending import OfferTo
from schemas.place import PlaceFound
from schemas.report import Department, Urgency
from schemas.table import Facts

_OFFERS: dict[str | None, OfferTo] = {"workers": OfferTo.WORKERS, "volunteers": OfferTo.VOLUNTEERS}


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets the case. `refused`: nobody here, and the reason cites the item."""

    because: Because
    assignee: str = ""
    accountable: str | None = None
    """Who is accountable when `assignee` only covers."""
    department: Department | None = None
    item: str | None = None
    gap: bool = False
    refused: bool = False
    offer: OfferTo | None = None
    """Offered to these people first; the assignee gets it when nobody accepts."""


def route(routing_facts: RoutingFacts, context: DecisionContext) -> Route:
    """Decide who gets it. No row, nobody there, or a conflict: the fallback owner."""
    book = context.book
    table, asked = question(routing_facts, book.rulebook.routing, book, context.t_ms)
    hit, facts = choose(book.rulebook.routing, book.matcher.matches(table, asked)), dict(asked)
    for other in book.rulebook.tables[1:]:  # recorded too, to explain the rulings of those tables
        facts |= routing_facts.facts(other, book, context.t_ms)
    if isinstance(hit, Conflict):
        return with_cover(_fallback(routing_facts, book, Hit(None, None, None, hit.rows), facts), context)
    then = hit.then or {}
    t_ms = context.t_ms
    item, rests = book.listed((_text(then.get("item")), book.category(routing_facts.category).item), t_ms)
    if not routing_facts.admitted:
        turned = None
        if rests is not None:
            turned = _suspended(rests, routing_facts, context, hit, facts)
        elif item is not None and item.verdict is Verdict.REFUSE:
            turned = _refused(item, context, hit, facts)
        if turned is not None:
            if routing_facts.urgent and turned.refused:
                turned = _urgent_anyhow(turned, routing_facts, context, hit, facts)
            return with_cover(turned, context)
    department = book.department(
        _text(then.get("department")) or (item and item.lead) or book.region.fallback_department
    )
    found = _assigned(_text(then.get("assign")) or "", department, routing_facts, book)
    if found is None:
        chosen = replace(_fallback(routing_facts, book, hit, facts), department=department)
    else:
        person, reason = found
        chosen = Route(explained(reason, book.version, hit, facts), person, None, department)
    offer = _OFFERS.get(_text(then.get("offer")))
    chosen = replace(chosen, item=item.id if item else None, offer=offer)
    return with_cover(chosen, context)


def desk_of(code: str, returned_by: tuple[str, ...], context: DecisionContext) -> str | None:
    """The officer at a department's desk now, unless they returned the case; None when nobody is there."""
    desk = _desk(code, context.book)
    present = context.stands_in(desk, context.t_ms) if desk else None
    return None if present is None or {desk, present} & set(returned_by) else present


def next_in_line(
    routing_facts: RoutingFacts, department: Department | None, returned_by: tuple[str, ...], context: DecisionContext
) -> str | None:
    """The next in line for a returned case: segment owner, grid head, department desk; None: nobody is left."""
    book = context.book
    people = (
        _owner(routing_facts.place, book),
        _head(routing_facts.place, book),
        _desk(department.code, book) if department else None,
    )
    for person in people:
        present = context.stands_in(person, context.t_ms) if person else None
        if present is not None and present not in returned_by and present != book.region.fallback_owner:
            return present
    return None


def _assigned(
    assign: str, department: Department, routing_facts: RoutingFacts, book: CompiledRulebook
) -> tuple[str, Because] | None:
    place, category = routing_facts.place, _category(routing_facts, book)
    if place and assign == "segment_owner" and (owner := _owner(place, book)):
        where = {"place": book.place_name(place), "segment": place.segment}
        return owner, because("segment_owner", **where, person=name_of(owner, book))
    if place and assign in {"segment_owner", "grid_head"} and (head := _head(place, book)):
        return head, because("grid_head", place=book.place_name(place), grid=place.grid, person=name_of(head, book))
    if assign == "department" and (desk := _desk(department.code, book)):
        return desk, because("department", category=category, department=book.department_name(department.code))
    if (person := book.person(assign) or book.heirs.persons.get(assign)) is not None:
        return person.id, because("person", category=category, person=person.name)
    return None


def _fallback(routing_facts: RoutingFacts, book: CompiledRulebook, hit: Hit, facts: Facts) -> Route:
    owner = book.region.fallback_owner
    facts_said = {"category": _category(routing_facts, book), "person": name_of(owner, book)}
    if (
        routing_facts.place is None
        and routing_facts.urgent
        and book.needs_place(routing_facts.category, routing_facts.kind)
    ):
        reason = because("fallback_place_unknown", person=facts_said["person"])
    elif routing_facts.place is None:
        reason = because("fallback_without_place", **facts_said)
    else:
        reason = because("fallback", place=book.place_name(routing_facts.place), **facts_said)
    department = book.department(book.region.fallback_department)
    return Route(explained(reason, book.version, hit, facts), owner, None, department, gap=True)


def _refused(item: Item, context: DecisionContext, hit: Hit, facts: Facts) -> Route:
    """A case that the list refuses to this level: its owner elsewhere in the region gets it, citing the item."""
    book = context.book
    elsewhere = book.item_elsewhere(item.id, context.t_ms)
    lead = item.lead or (elsewhere.lead if elsewhere else None)
    if lead is not None:
        department = book.department(lead)
        desk = _desk(lead, book)
        reason = because("redirected", item=item.name, department=book.department_name(lead))
        return Route(
            explained(reason, book.version, hit, facts),
            desk or book.region.fallback_owner,
            None,
            department,
            item.id,
            gap=desk is None,
        )
    to = item.redirect
    if to is None:
        reason = because("refused_unowned", item=item.name)
    else:
        reason = because("refused", item=item.name, contact=to.contact)
    return Route(explained(reason, book.version, hit, facts), item=item.id, refused=True)


def _urgent_anyhow(
    refused: Route, routing_facts: RoutingFacts, context: DecisionContext, hit: Hit, facts: Facts
) -> Route:
    """Urgent cases are never refused: the person of a row for urgent cases gets it, else the fallback owner."""
    book, then = context.book, hit.then or {}
    asked = hit.row is not None and hit.row.cell("urgency").one_of == (Urgency.URGENT.value,)
    department = book.department(_text(then.get("department")) or book.region.fallback_department)
    found = _assigned(_text(then.get("assign")) or "", department, routing_facts, book) if asked else None
    owner = book.region.fallback_owner if found is None else found[0]
    item = book.item(refused.item) if refused.item else None
    name: Name | str = item.name if item else refused.item or "-"
    contact = item.redirect.contact if item and item.redirect else None
    advice = because("urgent_tell", contact=contact) if contact else None
    reason = because("urgent_not_refused", item=name, person=name_of(owner, book))
    if advice is not None:
        reason = reason.model_copy(update={"zh": reason.zh + advice.zh, "en": f"{reason.en} {advice.en}"})
    return Route(
        explained(reason, book.version, hit, facts), owner, None, department, item=refused.item, gap=found is None
    )


def _suspended(item: Item, routing_facts: RoutingFacts, context: DecisionContext, hit: Hit, facts: Facts) -> Route:
    """A suspended item: another level of the region gets the case, or it is redirected, or falls back."""
    book, elsewhere = context.book, context.book.item_elsewhere(item.id, context.t_ms)
    if elsewhere is not None or item.redirect is not None:
        return _refused(item.model_copy(update={"lead": elsewhere.lead if elsewhere else None}), context, hit, facts)
    reason = because("suspended_item", item=item.name, person=name_of(book.region.fallback_owner, book))
    fallback = _fallback(routing_facts, book, hit, facts)
    return replace(fallback, because=explained(reason, book.version, hit, facts), item=item.id)


def with_cover(chosen: Route, context: DecisionContext) -> Route:
    """The route to the cover of an assignee who is away; without a cover, to the fallback owner.

    If the fallback owner is away, their cover gets it; without one it stays with them, never with nobody.
    """
    if chosen.refused:
        return chosen
    book, owner = context.book, chosen.assignee
    present = context.stands_in(owner, context.t_ms)
    fallback = book.region.fallback_owner
    stand_in = present or context.stands_in(fallback, context.t_ms) or fallback
    if stand_in == owner:
        return chosen
    extra = because("covered", owner=name_of(owner, book), person=name_of(stand_in, book))
    reason = chosen.because.model_copy(
        update={"zh": f"{chosen.because.zh}{extra.zh}", "en": f"{chosen.because.en} {extra.en}"}
    )
    return replace(chosen, because=reason, assignee=stand_in, accountable=owner, gap=chosen.gap or present is None)


def _owner(place: PlaceFound | None, book: CompiledRulebook) -> str | None:
    segment = book.segment(place.segment if place else None)
    return segment.owner if segment else None


def _head(place: PlaceFound | None, book: CompiledRulebook) -> str | None:
    grid = book.grid(place.grid if place else None)
    return grid.head if grid else None


def _desk(code: str, book: CompiledRulebook) -> str | None:
    """The officer of a department, or of the one that replaces it: the first by id among its people."""
    return book.directory.desks.get(book.department(code).code)


def name_of(person: str, book: CompiledRulebook) -> Name | str:
    """The name of a person; an unknown id serves as its name."""
    known = book.person(person)
    return known.name if known else person


def _category(routing_facts: RoutingFacts, book: CompiledRulebook) -> Name | str:
    """The rulebook's name of the category, or another system's own name."""
    return (
        book.category(routing_facts.category).name
        if book.knows_category(routing_facts.category)
        else routing_facts.category
    )


def _text(output: object) -> str | None:
    return output if isinstance(output, str) and output else None
