"""Makes the public list of a region and its rulebook, as it is on a day."""

from datetime import date

from connectors.lists.public.entry import PublicEntry, PublicLimits, PublicList
from connectors.lists.public.handlers import PublicHandlers
from schemas.directory import Directory
from schemas.items import AfterPhoto
from schemas.limit_words import limit_name
from schemas.names import Name
from schemas.rulebook import Category, PlaceNeed, Rulebook


def public_list(directory: Directory, rulebook: Rulebook, day: date) -> PublicList:
    """All categories. What is for people inside only is not in it: persons, numbers, teams, guides of handlers."""
    handlers = PublicHandlers(directory, rulebook, day)
    entries = tuple(_entry(each, rulebook, handlers) for each in rulebook.categories)
    return PublicList(entries, handlers.general(), tuple(each.value for each in rulebook.policy.without_place))


def _entry(category: Category, rulebook: Rulebook, handlers: PublicHandlers) -> PublicEntry:
    parts = [each for each in rulebook.subcategories if each.category == category.id]
    words = (*category.words, *(word for part in parts for word in part.words))
    item = handlers.item(category)
    after_photo = (item.after_photo if item else None) or category.after_photo
    return PublicEntry(
        id=category.id,
        name=category.name,
        urgent=category.urgent,
        parts=tuple(each.name for each in parts),
        words=tuple(dict.fromkeys(words)),
        needs_place=category.place is PlaceNeed.REQUIRED,
        photo_of_result=after_photo is AfterPhoto.REQUIRED,
        handlers=handlers.of(category),
        limits=_limits(category, handlers),
        standard=item.standard if item else None,
    )


def _limits(category: Category, handlers: PublicHandlers) -> PublicLimits:
    item = handlers.item(category)
    own = item.limits if item is not None else None

    def told(name: str) -> Name | None:
        limit = (getattr(own, name) if own is not None else None) or getattr(category.limits, name)
        return limit_name(limit) if limit else None

    varies = handlers.has_other_limits(category)
    return PublicLimits(accept=told("accept"), respond=told("respond"), resolve=told("resolve"), varies=varies)
