"""Other lists of a handler: cases to which their department was called, and offers that they may accept."""

from collections.abc import Collection, Iterable
from typing import Final
from urllib.parse import quote

import htpy as h

from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments import admission, joint
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.icons import icon
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case, State
from schemas.joint import Assist
from schemas.people import Person, Role
from schemas.rights import CaseRole

NAME: Final = "handler"
SHOWN: Final = 20
MOST: Final = 500
BACK_MS: Final = 30 * 86_400_000
"""Limits for reporting in are hours or days: who was called before that comes in time for nothing."""
_FAR: Final = 1 << 60


def called(ledger: Ledger, me: Person, now_ms: int, but: Collection[str]) -> list[Case]:
    """Cases to which this officer's department was called, the next deadline first; runs in the ledger's thread.

    The first ones, read whole, without those in `but`. Closed cases only if the department can still come in time.
    """
    if Role.DEPARTMENT_OFFICER not in me.roles or not me.department:
        return []
    calls = [
        (_next_ms(assists, me) or _FAR, number) for number, assists in ledger.calls(me.department, WITH_ORDER, MOST)
    ]
    ended = ledger.still_called(me.department, now_ms - BACK_MS, SHOWN)
    calls += [
        (_next_ms(case.assists, me) or _FAR, case.number) for case in ended if _next_ms(case.assists, me) is not None
    ]
    first = [number for _, number in sorted(calls) if number not in but][:SHOWN]
    whole = {case.number: case for case in ledger.cases(numbers=first, limit=SHOWN)}
    return [whole[number] for number in first if number in whole]


def offered(viewer: Viewer, ledger: Ledger, me: Person) -> list[Case]:
    """Cases on offer to this person, oldest first; runs in the ledger's thread."""
    found = ledger.cases(state=State.SUBMITTED, open_only=True, offered=True, limit=MOST)
    return [case for case in reversed(found) if CaseRole.OFFERED in viewer.parts_of(case, me.id)]


def _next_ms(assists: Iterable[Assist], me: Person) -> int | None:
    """When the department's next step is due; None if no step is left."""
    part = next((each for each in assists if each.department.code == me.department), None)
    return min(part.open_steps().values(), default=None) if part else None


def lists(viewer: Viewer, me: Person, calls: list[Case], offers: list[Case]) -> list[h.Element]:
    """Both lists with their headings; they exist even if empty, so that live changes can fill them."""
    rows = [_offer(viewer, case, me) for case in offers[:SHOWN]]
    found = [_list(viewer, "offers", rows)]
    if Role.DEPARTMENT_OFFICER in me.roles:
        found.append(_list(viewer, "called", [_call(viewer, case, me) for case in calls]))
    return found


def _list(viewer: Viewer, name: str, rows: list[h.Element]) -> h.Element:
    title = viewer.words({"offers": "offers.title", "called": "called.title"}[name])
    heading = [h.li(".heading", id=f"{name}-title")[h.h2[title]]] if rows else []
    return h.ul(".cards", id=name, data_list=True, aria_label=title)[heading, rows]


def _card(viewer: Viewer, case: Case, clock: h.Element | None, *inner: h.Node) -> h.Element:
    address = f"/case/{quote(case.number, safe='')}?role={NAME}"
    what = (h.h2[viewer.category(case)], h.p[icon("pin"), viewer.place(case)])
    head = h.div(".head")[viewer.state(case), clock]
    title = h.a(".title", href=address)[what]
    return h.li(".card.job", id=f"c-{case.number}", data_case=case.number)[head, title, inner]


def _offer(viewer: Viewer, case: Case, me: Person) -> h.Element:
    return _card(viewer, case, None, admission.offer(Acts(viewer, case, me.id, NAME), "main"))


def _call(viewer: Viewer, case: Case, me: Person) -> h.Element:
    due = _next_ms(case.assists, me)
    clock = running(due, viewer.now_ms, viewer.words) if due is not None else None
    part = joint.own_part(viewer, case, me.id)
    cause = h.p(".quiet")[joint.cause(viewer, part)] if part else None
    return _card(viewer, case, clock, cause, joint.steps(Acts(viewer, case, me.id, NAME)))
