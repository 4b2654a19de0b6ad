"""Checks `replaces`: only ids that no longer exist, each claimed once."""

from collections.abc import Iterable, Iterator
from typing import Literal

from schemas.mistake import Said, said


def wrong_replacing(
    rows: Iterable[tuple[str, Iterable[str]]], there: Literal["on_list", "in_region"] = "on_list"
) -> Iterator[Said]:
    """Mistakes in rows of an id and the ids that it replaces; `there` names their place."""
    claims = [(id, tuple(replaces)) for id, replaces in rows]
    present, claimed = {id for id, _ in claims}, dict[str, str]()
    for id, replaces in claims:
        for old in replaces:
            if old in present:
                yield said(f"mistakes.replaces.still_{there}", id=id, old=old)
            elif (first := claimed.setdefault(old, id)) != id:
                yield said("mistakes.replaces.twice", old=old, first=first, id=id)
