"""What a check found, as a page shows it: problems with their places and remedies, then what the draft changes."""

from collections.abc import Sequence
from typing import Final

import htpy as h

from connectors.lists.checked import FindingKind, Hands, HandsChange, ListCheck, ListFinding, RowChange
from connectors.pages.html.inputs import more
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.parts import said
from schemas.names import Name

FIRST: Final = 40
"""Problems that are shown at once; notes and the rest are folded away."""
_CHIPS: Final = {FindingKind.ERROR: "late", FindingKind.WARNING: "suspended", FindingKind.NOTE: ""}


def verdict(viewer: Viewer, check: ListCheck) -> h.Element:
    """In one sentence whether it can be activated, with the numbers."""
    numbers = said(viewer, "numbers", errors=check.errors, warnings=check.warnings, notes=check.notes)
    if not check.can_be_activated:
        return notice("bad", h.p[h.b[said(viewer, "has_errors")]], h.p[numbers])
    if not check.rows_in_all:
        return notice("plain", h.p[h.b[said(viewer, "changes_nothing")]], h.p[numbers])
    asked = h.p[said(viewer, "unanswered", n=check.unanswered)] if check.unanswered else None
    return notice("good", h.p[h.b[said(viewer, "can_be_activated")]], h.p[numbers], asked)


def problems(viewer: Viewer, check: ListCheck) -> h.Element | None:
    """Errors and warnings, then notes in a fold; None where there are none."""
    loud = [each for each in check.findings if each.kind is not FindingKind.NOTE]
    quiet = [each for each in check.findings if each.kind is FindingKind.NOTE]
    if not check.findings:
        return None
    left = check.errors + check.warnings + check.notes - len(check.findings)
    return h.section[
        h.h2[said(viewer, "problems")],
        _listed(viewer, loud[:FIRST]),
        more(said(viewer, "more_problems", n=len(loud) - FIRST), _listed(viewer, loud[FIRST:]))
        if loud[FIRST:]
        else None,
        more(said(viewer, "notes", n=len(quiet)), _listed(viewer, quiet)) if quiet else None,
        h.p(".quiet")[said(viewer, "in_the_workbook", n=left)] if left else None,
    ]


def _listed(viewer: Viewer, findings: Sequence[ListFinding]) -> h.Element | None:
    return h.ul(".findings")[[_finding(viewer, each) for each in findings]] if findings else None


def _finding(viewer: Viewer, one: ListFinding) -> h.Element:
    language = viewer.language
    return h.li[
        h.span(class_=f"chip {_CHIPS[one.kind]}".strip())[said(viewer, f"kind.{one.kind}")],
        " ",
        h.b[one.where.to(language)],
        h.p[one.text.to(language), h.span(".quiet")[" ", one.value] if one.value else None],
        h.p(".quiet")["→ ", one.remedy.to(language)],
    ]


def changes(viewer: Viewer, check: ListCheck) -> h.Element | None:
    """Rows that differ from the list in force, and places that change hands; None while it cannot be read."""
    if not check.rulebook or not check.rows_in_all:
        return None
    left = check.rows_in_all - len(check.rows)
    rows = [_row(viewer, each) for each in check.rows]
    return h.section[
        h.h2[said(viewer, "changes", n=check.rows_in_all)],
        h.ul(".findings")[rows[:FIRST]],
        more(said(viewer, "more_rows", n=len(rows) - FIRST), h.ul(".findings")[rows[FIRST:]]) if rows[FIRST:] else None,
        h.p(".quiet")[said(viewer, "rows_left", n=left)] if left else None,
        h.h2[said(viewer, "hands", n=check.places)],
        _hands(viewer, check) if check.hands else h.p(".quiet")[said(viewer, "no_hands")],
    ]


def _row(viewer: Viewer, one: RowChange) -> h.Element:
    label = one.label.to(viewer.language) if one.label else ""
    return h.li[
        h.span(class_=f"chip {'alert' if one.change == 'removed' else ''}".strip())[said(viewer, f"row.{one.change}")],
        " ",
        h.b[one.sheet.to(viewer.language), " · ", one.id],
        " ",
        label,
        h.dl(".cells")[
            [
                (
                    h.dt[each.column.to(viewer.language)],
                    h.dd[
                        h.del_[_text(viewer, each.before)] if one.change == "changed" and each.before else None,
                        " → " if one.change == "changed" else None,
                        h.ins[_text(viewer, each.after)] if each.after else None,
                        _text(viewer, each.before) if one.change == "removed" else None,
                        "–" if one.change == "changed" and each.after is None else None,
                    ],
                )
                for each in one.fields
            ]
        ],
    ]


def _hands(viewer: Viewer, check: ListCheck) -> list[h.Node]:
    left = check.hands_in_all - len(check.hands)
    rows = [_handed(viewer, each) for each in check.hands]
    return [
        h.ul(".findings")[rows[:FIRST]],
        more(said(viewer, "more_rows", n=len(rows) - FIRST), h.ul(".findings")[rows[FIRST:]]) if rows[FIRST:] else None,
        h.p(".quiet")[said(viewer, "hands_left", n=left)] if left else None,
    ]


def _handed(viewer: Viewer, one: HandsChange) -> h.Element:
    rest = one.count - len(one.places)
    places = ", ".join(one.places) + (said(viewer, "more_places", n=rest) if rest else "")
    return h.li[
        h.b[one.category.to(viewer.language)],
        h.p[_who(viewer, one.before), " → ", h.ins[_who(viewer, one.after)]],
        h.p(".quiet")[said(viewer, "places", n=one.count), " ", places],
        h.p(".quiet")[one.given] if one.given else None,
    ]


def _who(viewer: Viewer, who: Hands) -> str:
    if who.person is None:
        return said(viewer, "refused", item=who.item)
    body = f" ({who.department.to(viewer.language)})" if who.department else ""
    return who.person.to(viewer.language) + body + (said(viewer, "fallback") if who.gap else "")


def _text(viewer: Viewer, text: Name | None) -> str:
    return "" if text is None else text.to(viewer.language)
