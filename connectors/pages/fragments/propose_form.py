"""Proposes a list change 动态调整 where the need shows: at a refused case, or at a case of somebody else."""

from typing import Final
from urllib.parse import quote, urlencode

import htpy as h

from connectors.intake.context import SCOPE
from connectors.intake.list_changes import in_force
from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.list_change import status_of
from connectors.pages.fragments.reporter_cards import receipt
from connectors.pages.html.inputs import button, form, hidden, line_input, more, radios, select, words_input
from connectors.pages.html.viewer import Viewer
from schemas.case import Case, State
from schemas.command import Act
from schemas.items import Item, Verdict
from schemas.people import OrganisationKind
from schemas.report import ReportKind
from schemas.rights import CaseRole, may_propose

MOST: Final = 6
MOST_DEPARTMENTS: Final = 120


def propose(acts: Acts) -> h.Element | None:
    """Propose another verdict or lead for the item of this case, with a reason; None for people it does not concern.

    People who may not draft the list can report that it is wrong.
    """
    viewer, case, words = acts.viewer, acts.case, acts.words
    grid = case.place.grid if case.place else None
    drafts = grid is not None and may_propose(acts.by, grid, viewer.gateway.directory)
    if grid is None or not _met(acts, drafts=drafts) or not viewer.signed_in:
        return None
    if not drafts:
        return _suggest(acts, grid)
    item = in_force(viewer.gateway.items, case.item, viewer.now_ms, viewer.zone) if case.item else None
    id = case.item or f"N-{'-'.join(case.number.split('-')[-2:])}"
    inner = form(
        f"/reporter/reports?{urlencode({'role': acts.role, 'case': case.number})}",
        hidden(reporter=acts.by, code=grid, links=case.number, **{"change.id": id}),
        _item(viewer, item),
        radios(words("propose.verdict"), "change.verdict", _verdicts(viewer, item)),
        select(words("propose.lead"), "change.lead", _leads(viewer, item)),
        words_input(viewer, words("propose.why"), name="text", required=True),
        h.p(".quiet")[words("propose.next")],
        button(words("propose.send"), "sent", "main"),
        class_="act propose",
    )
    return more(words("propose.title"), inner, pictogram="edit")


def _suggest(acts: Acts, grid: str) -> h.Element:
    """A suggestion that the list is wrong; in the default category, as the list would refuse the case's again."""
    viewer, words = acts.viewer, acts.words
    category = viewer.gateway.rulebook.default_category
    inner = form(
        "/reporter/reports",
        hidden(reporter=acts.by, code=grid, links=acts.case.number, kind=ReportKind.SUGGESTION, category=category),
        h.p(".quiet")[words("wrong_list.hint")],
        words_input(viewer, words("wrong_list.text"), name="text", required=True),
        button(words("wrong_list.send"), "sent", "main"),
        class_="act wrong-list",
    )
    return more(words("wrong_list.title"), inner, pictogram="edit")


def _met(acts: Acts, *, drafts: bool) -> bool:
    """True if the reader may learn from this case that the list is wrong."""
    case = acts.case
    if case.change is not None or case.duty is not None:
        return False
    if acts.role == "supervisor":
        return drafts or bool(acts.parts)
    refused = case.state is State.REFUSED
    return (refused and (acts.role == "handler" or CaseRole.REPORTER in acts.parts)) or acts.may(Act.RETURN)


def _item(viewer: Viewer, item: Item | None) -> h.Element:
    words = viewer.words
    if item is not None:
        return h.p[h.b[f"{item.id} {item.name.to(viewer.language)}"]]
    name = line_input(viewer, words("propose.name"), "change.name", required=True, maxlength=200)
    return h.div[h.p(".quiet")[words("propose.new")], name]


def _verdicts(viewer: Viewer, item: Item | None) -> list[tuple[str, str]]:
    words, now = viewer.words, item.verdict if item else None
    named = [(each, words(f"verdict.{each}")) for each in Verdict]
    return [(each.value, words("category.keep", now=name) if each is now else name) for each, name in named]


def _leads(viewer: Viewer, item: Item | None) -> list[tuple[str, str]]:
    words, now = viewer.words, item.lead if item else None
    stays = words("category.keep", now=viewer.body(now)) if now else words("propose.no_lead")
    kinds = {OrganisationKind.DEPARTMENT, OrganisationKind.STREET}
    others = [
        (body.code, body.name.to(viewer.language))
        for body in viewer.gateway.region.organisations
        if body.kind in kinds and body.code != now
    ]
    return [("", stays), *others[:MOST_DEPARTMENTS]]


async def followed(viewer: Viewer, number: str, role: str, by: str) -> h.Element:
    """The proposals that a case led to, with their outcomes; a reporter sees only their own. May raise `Refused`."""
    sent = list(dict.fromkeys(viewer.request.query.getall("report", [])))[-3:]

    def look(ledger: Ledger) -> tuple[list[Case], list[str]]:
        reporter = by if role == "reporter" else None
        found = ledger.cases(about=number, reporter=reporter, limit=MOST)
        return found, [report for report in sent if ledger.case_of_report(report) is None]

    found, unknown = await viewer.gateway.ask(look)
    rows = [receipt(viewer, report) for report in unknown if await viewer.gateway.outbox.knows(SCOPE, report)]
    rows += [_proposal(viewer, case, role) for case in found]
    title = h.h2[viewer.words("proposals.about")] if rows else None
    return h.div("#proposals", data_live=True)[title, rows]


def _proposal(viewer: Viewer, case: Case, role: str) -> h.Element:
    address = f"/case/{quote(case.number, safe='')}?role={role}"
    link = h.a(href=address)[viewer.category(case)]
    summary = h.p[link, " · ", viewer.name(case.reporter), " · ", viewer.time(case.submitted_ms)]
    return h.div(".card", data_case=case.number)[viewer.state(case), summary, h.p[status_of(viewer, case)]]
