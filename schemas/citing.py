"""Items of the list that a department can cite when it returns a job as not its own, the likeliest first."""

from collections.abc import Collection, Iterable

from schemas.items import Item, Verdict


def citable(
    items: Iterable[Item], own: str | None, desks: Collection[str], near: Collection[str] = ()
) -> tuple[Item, ...]:
    """Those of `items` (in force on the list of this level) in which department `own` does not lead.

    First those whose lead could take the case because it has a desk here, and of these the ones in `near` (ids of
    items that the words of the case are about), then those in which `own` assists; then what the list refuses.
    """

    def rank(item: Item) -> tuple[bool, bool, bool, bool, str]:
        takes = item.lead in desks
        return (not takes, item.id not in near, own not in item.assists, item.verdict is not Verdict.REFUSE, item.id)

    return tuple(sorted((item for item in items if not leads(item, own)), key=rank))


def leads(item: Item, own: str | None) -> bool:
    """Whether an item says that the work is this department's own."""
    return own is not None and item.lead == own
