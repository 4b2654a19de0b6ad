"""What somebody should look at in a case, though nothing of it stops the case: each in a box with what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ledger.duplicates import PossibleDuplicate, possible_duplicates
from connectors.ledger.read import Ledger
from connectors.pages.act_forms import act_address
from connectors.pages.frame import notice
from connectors.pages.inputs import button, form, hidden
from connectors.pages.markup import Html, tag
from connectors.pages.viewer import Viewer
from schemas.case import Case
from schemas.command import Act
from schemas.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Signs:
    """What the ledger finds that the case alone does not tell."""

    duplicates: Sequence[PossibleDuplicate] = ()

    @classmethod
    def read(cls, ledger: Ledger, case: Case, rulebook: Rulebook) -> "Signs":
        """Ask the ledger, in its thread."""
        return cls(possible_duplicates(ledger, case, rulebook))


def boxes(viewer: Viewer, signs: Signs, *, by: str = "", role: str = "") -> list[Html]:
    """One box for each sign; `by` is who may act on them from the page of `role`, if anybody."""
    return [_duplicate(viewer, possible, by, role) for possible in signs.duplicates]


def _duplicate(viewer: Viewer, possible: PossibleDuplicate, by: str, role: str) -> Html:
    words, other = viewer.words, possible.case
    link = tag("a", other.number, href=f"/case/{other.number}?role={role}" if role else f"/case/{other.number}")
    apart = words("sign.on_segment") if possible.metres is None else words("sign.metres", m=round(possible.metres))
    told = [tag("b", words("sign.duplicate")), tag("p", link, " · ", viewer.place(other), " · ", apart)]
    return notice("plain", told, _join(viewer, possible, by, role))


def _join(viewer: Viewer, possible: PossibleDuplicate, by: str, role: str) -> Html | None:
    if not by or possible.joins is None or possible.into is None:
        return None
    named = hidden(act=Act.MERGE.value, by=by, to=possible.into)
    title = viewer.words("sign.join", case=possible.joins, master=possible.into)
    return form(act_address(possible.joins, role), named, button(title, "join"), class_="act merge")
