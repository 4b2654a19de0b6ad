"""Routing: exactly one accountable assignee, a refusal with the item cited, or the fallback owner marked as a gap."""

from dataclasses import dataclass, replace

from rules.book.compiled_rulebook import Book
from rules.book.reasons import because, explained
from rules.decision.draft import Around
from rules.facts.routing_facts import Matter, question
from rules.tables.matcher import Conflict, Hit, choose
from schemas.case import OfferTo
from schemas.event import Because
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.place import PlaceFound
from schemas.report import Department, Urgency
from schemas.table import Facts

_OFFERS: dict[str | None, OfferTo] = {"workers": OfferTo.WORKERS, "volunteers": OfferTo.VOLUNTEERS}


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets the case. `refused`: nobody here; the reason cites the item."""

    because: Because
    assignee: str = ""
    accountable: str | None = None
    """Whose matter it is when `assignee` only covers."""
    department: Department | None = None
    item: str | None = None
    gap: bool = False
    refused: bool = False
    offer: OfferTo | None = None
    """Offered to these people first; the assignee has it when nobody accepts."""


def route(matter: Matter, around: Around) -> Route:
    """Decide who gets it. Never falls through: no row, nobody there, or a conflict ends at the fallback owner."""
    book = around.book
    table, asked = question(matter, book.rulebook.routing, book, around.t_ms)
    hit, facts = choose(book.rulebook.routing, book.matcher.matches(table, asked)), dict(asked)
    for other in book.rulebook.tables[1:]:  # on record too, so that what those tables said can be explained
        facts |= matter.facts(other, book, around.t_ms)
    if isinstance(hit, Conflict):
        return with_cover(_fallback(matter, book, Hit(None, None, None, hit.rows), facts), around)
    then = hit.then or {}
    t_ms = around.t_ms
    item, rests = book.listed((_text(then.get("item")), book.category(matter.category).item), t_ms)
    if not matter.admitted:
        turned = None
        if rests is not None:
            turned = _suspended(rests, matter, around, hit, facts)
        elif item is not None and item.verdict is Verdict.REFUSE:
            turned = _refused(item, around, hit, facts)
        if turned is not None:
            if matter.urgent and turned.refused:
                turned = _urgent_anyhow(turned, matter, around, hit, facts)
            return with_cover(turned, around)
    department = book.department(
        _text(then.get("department")) or (item and item.lead) or book.region.fallback_department
    )
    found = _assigned(_text(then.get("assign")) or "", department, matter, book)
    if found is None:
        chosen = replace(_fallback(matter, book, hit, facts), department=department)
    else:
        person, reason = found
        chosen = Route(explained(reason, book.version, hit, facts), person, None, department)
    offer = _OFFERS.get(_text(then.get("offer")))
    chosen = replace(chosen, item=item.id if item else None, offer=offer)
    return with_cover(chosen, around)


def desk_of(code: str, returned_by: tuple[str, ...], around: Around) -> str | None:
    """Who is at a department's desk now, unless they returned it; None when nobody is."""
    desk = _desk(code, around.book)
    present = around.stands_in(desk, around.t_ms) if desk else None
    return None if present is None or {desk, present} & set(returned_by) else present


def next_in_line(
    matter: Matter, department: Department | None, returned_by: tuple[str, ...], around: Around
) -> str | None:
    """Who gets a returned case: segment owner, grid head, department desk; None: only the fallback owner is left."""
    book = around.book
    people = (
        _owner(matter.place, book),
        _head(matter.place, book),
        _desk(department.code, book) if department else None,
    )
    for person in people:
        present = around.stands_in(person, around.t_ms) if person else None
        if present is not None and present not in returned_by and present != book.region.fallback_owner:
            return present
    return None


def _assigned(assign: str, department: Department, matter: Matter, book: Book) -> tuple[str, Because] | None:
    place, category = matter.place, _category(matter, book)
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


def _fallback(matter: Matter, book: Book, hit: Hit, facts: Facts) -> Route:
    owner = book.region.fallback_owner
    facts_said = {"category": _category(matter, book), "person": name_of(owner, book)}
    if matter.place is None and matter.urgent and book.needs_place(matter.category, matter.kind):
        reason = because("fallback_place_unknown", person=facts_said["person"])
    elif matter.place is None:
        reason = because("fallback_without_place", **facts_said)
    else:
        reason = because("fallback", place=book.place_name(matter.place), **facts_said)
    department = book.department(book.region.fallback_department)
    return Route(explained(reason, book.version, hit, facts), owner, None, department, gap=True)


def _refused(item: Item, around: Around, hit: Hit, facts: Facts) -> Route:
    """The list refuses it to this level: an owner elsewhere in the region gets it, with the item cited."""
    book = around.book
    elsewhere = book.item_elsewhere(item.id, around.t_ms)
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


def _urgent_anyhow(refused: Route, matter: Matter, around: Around, hit: Hit, facts: Facts) -> Route:
    """Danger is not turned away: whom a row for urgent cases names goes first, else the fallback owner."""
    book, then = around.book, hit.then or {}
    asked = hit.row is not None and hit.row.cell("urgency").one_of == (Urgency.URGENT.value,)
    department = book.department(_text(then.get("department")) or book.region.fallback_department)
    found = _assigned(_text(then.get("assign")) or "", department, matter, book) if asked else None
    owner = book.region.fallback_owner if found is None else found[0]
    item = book.item(refused.item) if refused.item else None
    name: Name | str = item.name if item else refused.item or "-"
    contact = item.redirect.contact if item and item.redirect else None
    told = because("urgent_tell", contact=contact) if contact else None
    reason = because("urgent_not_refused", item=name, person=name_of(owner, book))
    if told is not None:
        reason = reason.model_copy(update={"zh": reason.zh + told.zh, "en": f"{reason.en} {told.en}"})
    return Route(
        explained(reason, book.version, hit, facts), owner, None, department, item=refused.item, gap=found is None
    )


def _suspended(item: Item, matter: Matter, around: Around, hit: Hit, facts: Facts) -> Route:
    """The list suspended it: another level of the region has it, or people are sent elsewhere, or it falls back."""
    book, elsewhere = around.book, around.book.item_elsewhere(item.id, around.t_ms)
    if elsewhere is not None or item.redirect is not None:
        return _refused(item.model_copy(update={"lead": elsewhere.lead if elsewhere else None}), around, hit, facts)
    reason = because("suspended_item", item=item.name, person=name_of(book.region.fallback_owner, book))
    fallback = _fallback(matter, book, hit, facts)
    return replace(fallback, because=explained(reason, book.version, hit, facts), item=item.id)


def with_cover(chosen: Route, around: Around) -> Route:
    """Whoever covers for the assignee today; somebody away without cover leaves it to the fallback owner.

    When that one is away too, its own cover has it, and without one it stays with the fallback owner: never nobody.
    """
    if chosen.refused:
        return chosen
    book, owner = around.book, chosen.assignee
    present = around.stands_in(owner, around.t_ms)
    fallback = book.region.fallback_owner
    stand_in = present or around.stands_in(fallback, around.t_ms) or fallback
    if stand_in == owner:
        return chosen
    extra = because("covered", owner=name_of(owner, book), person=name_of(stand_in, book))
    reason = chosen.because.model_copy(
        update={"zh": f"{chosen.because.zh}{extra.zh}", "en": f"{chosen.because.en} {extra.en}"}
    )
    return replace(chosen, because=reason, assignee=stand_in, accountable=owner, gap=chosen.gap or present is None)


def _owner(place: PlaceFound | None, book: Book) -> str | None:
    segment = book.segment(place.segment if place else None)
    return segment.owner if segment else None


def _head(place: PlaceFound | None, book: Book) -> str | None:
    grid = book.grid(place.grid if place else None)
    return grid.head if grid else None


def _desk(code: str, book: Book) -> str | None:
    """The officer of a department, or of the one that replaces it: the first by id among its people."""
    return book.directory.desks.get(book.department(code).code)


def name_of(person: str, book: Book) -> Name | str:
    """How to call a person; an id nobody knows is its own name."""
    known = book.person(person)
    return known.name if known else person


def _category(matter: Matter, book: Book) -> Name | str:
    """The rulebook's name of the category, or another system's own word."""
    return book.category(matter.category).name if book.knows_category(matter.category) else matter.category


def _text(output: object) -> str | None:
    return output if isinstance(output, str) and output else None
