"""Checks `replaces`: only ids that no longer exist, each claimed once."""

from collections.abc import Iterable, Iterator


def wrong_replacing(
    rows: Iterable[tuple[str, Iterable[str]]], there: tuple[str, str] = ("本清单", "on this list")
) -> Iterator[tuple[str, str]]:
    """Mistakes (Chinese, English) in rows of an id and the ids that it replaces; `there` names their place."""
    claims = [(id, tuple(replaces)) for id, replaces in rows]
    present, claimed = {id for id, _ in claims}, dict[str, str]()
    for id, replaces in claims:
        for old in replaces:
            if old in present:
                yield f"“{id}”代替的“{old}”仍在{there[0]}中", f"{id!r} replaces {old!r}, which is still {there[1]}"
            elif (first := claimed.setdefault(old, id)) != id:
                yield (
                    f"“{old}”同时被“{first}”和“{id}”代替，请保留一个",
                    f"{old!r} is replaced by both {first!r} and {id!r}; keep one",
                )
