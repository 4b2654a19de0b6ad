"""Which items of the list a department can cite when it says that a job is not its own, the likeliest first."""

from collections.abc import Collection, Iterable

from schemas.items import Item, Verdict


def citable(
    items: Iterable[Item], own: str | None, desks: Collection[str], near: Collection[str] = ()
) -> tuple[Item, ...]:
    """Of these `items` (those in force on the list of this level) what does not say that `own` leads.

    First those whose lead could take the case, because it has a desk here, and of these the ones in `near` (ids of
    items that the words of the case are about), then those in which `own` assists; then what the list refuses.
    """

    def rank(item: Item) -> tuple[bool, bool, bool, bool, str]:
        takes = item.lead in desks
        return (not takes, item.id not in near, own not in item.assists, item.verdict is not Verdict.REFUSE, item.id)

    return tuple(sorted((item for item in items if not leads(item, own)), key=rank))


def leads(item: Item, own: str | None) -> bool:
    """Whether an item says that the work is this department's own."""
    return own is not None and item.lead == own
