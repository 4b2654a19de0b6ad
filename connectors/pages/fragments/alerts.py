"""Alerts of a case, which do not stop it: each in a box with the possible acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import htpy as h

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.doubts import doubts
from connectors.ledger.queries.duplicates import PossibleDuplicate, possible_duplicates
from connectors.ledger.queries.reused_photos import Reuses, reused
from connectors.pages.fragments.act_forms import act_address
from connectors.pages.html.doubts import doubt_box
from connectors.pages.html.inputs import button, form, hidden
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from schemas.case import Alert, Case, Deadline, State
from schemas.command import Act
from schemas.doubts import Doubt
from schemas.rights import to_inspect
from schemas.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Signs:
    """The alerts of one case: its own, and those that the ledger finds by comparing cases."""

    case: Case
    duplicates: Sequence[PossibleDuplicate] = ()
    reuses: Reuses | None = None
    doubts: Sequence[Doubt] = ()

    @classmethod
    def read(cls, ledger: Ledger, case: Case, rulebook: Rulebook) -> "Signs":
        """Read them from the ledger, in its thread."""
        reuses = reused(ledger, [case.number]).get(case.number)
        return cls(case, possible_duplicates(ledger, case, rulebook), reuses, doubts(ledger, case))


def boxes(viewer: Viewer, signs: Signs, *, by: str = "", role: str = "") -> list[h.Element]:
    """One box for each alert; `by` is the person who may act on them from the page of `role`, if anybody."""
    words = viewer.words
    texts = {
        Alert.HOPS: words("alert.hops.told", hops=signs.case.hops),
        Alert.DANGER: words("alert.danger.told"),
        Alert.SAME_PHOTO: words("alert.same_photo.told"),
        Alert.WITHDRAWN_THERE: words("alert.withdrawn_there.told"),
        Alert.URGENT_THERE: words("alert.urgent_there.told"),
    }
    return [
        *(notice("bad", h.p[texts[alert]]) for alert in signs.case.alerts),
        *([_reused(viewer, signs.reuses, role)] if signs.reuses else []),
        *([box] if (box := doubt_box(viewer, signs.doubts, role)) is not None else []),
        *(_duplicate(viewer, possible, by, role) for possible in signs.duplicates),
    ]


def marks(viewer: Viewer, case: Case, reuses: Mapping[str, Reuses]) -> list[h.Element]:
    """The same as chips beside a case in a list; `reuses` are those of all cases of the list."""
    named = ["mark.urgent"] if case.urgent_by else []
    named += [f"alert.{alert}" for alert in case.alerts] + _how_used(reuses.get(case.number))
    if to_inspect(case):
        named.append("sampled.mark")
    if any(each.missed for each in case.assists):
        named.append("mark.report_in_missed")
    return [h.span(".chip.alert")[viewer.words(name)] for name in named] + _joint(viewer, case)


def _joint(viewer: Viewer, case: Case) -> list[h.Element]:
    """Chips: how many departments were called, and whether it waits for an approver or for somebody to accept it."""
    chips = []
    if case.assists:
        chips.append(h.span(".chip.merged")[viewer.words("mark.called", n=len(case.assists))])
    if Deadline.ADMISSION in case.deadlines:
        chips.append(h.span(".chip.urged")[viewer.words("mark.held")])
    if case.offer is not None:
        chips.append(h.span(".chip.merged")[viewer.words("mark.offered")])
    return chips


def for_verifier(viewer: Viewer, signs: Signs) -> list[h.Element]:
    """To the reporter who is asked whether it is fixed: that the after-photo is one that was used before."""
    named = _photo_signs(signs) if signs.case.state is State.RESOLVED else []
    return [notice("bad", h.p[viewer.words(name)]) for name in named]


def _photo_signs(signs: Signs) -> list[str]:
    same = ["alert.same_photo.told"] if Alert.SAME_PHOTO in signs.case.alerts else []
    return same + [f"{name}.hint" for name in _how_used(signs.reuses)]


def _how_used(reuses: Reuses | None) -> list[str]:
    """The message about other cases, if there are any."""
    if reuses is None:
        return []
    return ["alert.reused"] if reuses.copies else ["alert.alike"]


def _reused(viewer: Viewer, reuses: Reuses, role: str) -> h.Element:
    """The first earlier cases with this photo, and a link to the list of all."""
    said = [viewer.words(f"{_how_used(reuses)[0]}.told")]
    uses = [
        h.li[
            h.a(href=_page(reuse.case, role))[reuse.case],
            " · ",
            viewer.time(reuse.first_ms),
            " · " + viewer.words("alert.alike.one") if reuse.alike and reuses.copies else "",
        ]
        for reuse in reuses.shown
    ]
    if reuses.more:
        rest = viewer.words("alert.reused.more", n=reuses.more)
        uses.append(h.li[h.a(href=f"/supervisor?state=all&photo={reuses.shown[0].digest}")[rest]])
    return notice("bad", h.p[*said], h.ul[uses])


def _page(number: str, role: str) -> str:
    return f"/case/{number}?role={role}" if role else f"/case/{number}"


def _duplicate(viewer: Viewer, possible: PossibleDuplicate, by: str, role: str) -> h.Element:
    words, other = viewer.words, possible.case
    link = h.a(href=_page(other.number, role))[other.number]
    apart = words("sign.on_segment") if possible.metres is None else words("sign.metres", m=round(possible.metres))
    text = [h.b[words("sign.duplicate")], h.p[link, " · ", viewer.place(other), " · ", apart]]
    return notice("plain", text, _join(viewer, possible, by, role))


def _join(viewer: Viewer, possible: PossibleDuplicate, by: str, role: str) -> h.Element | None:
    if not by or possible.joins is None or possible.into is None:
        return None
    named = hidden(act=Act.MERGE.value, by=by, to=possible.into)
    title = viewer.words("sign.join", case=possible.joins, master=possible.into)
    return form(act_address(possible.joins, role), named, button(title, "join"), class_="act merge")
