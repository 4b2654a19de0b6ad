"""`/lists/explain`: what happens with a report that nobody sent, by the list in force or by a draft, and why."""

from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.refusal import bad
from connectors.lists.question import ListQuestion
from connectors.pages.html.inputs import button, hidden, line_input, more, words_input
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.moments import moment_of
from connectors.pages.lists.parts import ADDRESS, faults_as_page, lists_of, lists_page, me, nothing_here, said

MOST: Final = 4_000
"""Characters of a question."""


def explain_form(viewer: Viewer, draft: str = "") -> h.Element:
    """The box; `draft` is asked instead of the list in force."""
    example = viewer.address_example()
    inner = h.form(method="get", action=f"{ADDRESS}/explain")[
        hidden(draft=draft) if draft else None,
        words_input(viewer, said(viewer, "question"), name="text", required=True),
        line_input(viewer, said(viewer, "place"), "address", placeholder=example or ""),
        line_input(viewer, said(viewer, "code"), "code"),
        line_input(viewer, said(viewer, "at"), "at", type="datetime-local"),
        h.label(".tick")[h.input(type="checkbox", name="urgent", value="1"), h.span[said(viewer, "urgent")]],
        button(said(viewer, "ask"), "ask", "main"),
    ]
    return more(said(viewer, "explain"), inner, pictogram="ask")


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The answer, with the box for another question."""
    viewer, lists, asked = Viewer.of(request), lists_of(request), request.query
    text, address, code = (asked.get(name, "").strip()[:MOST] for name in ("text", "address", "code"))
    if not text:
        raise bad("question_needed", "text")
    at_ms = moment_of(viewer, asked.get("at", "")) or viewer.now_ms
    question = ListQuestion(text=text, address=address[:500], code=code[:100], at_ms=at_ms, urgent="urgent" in asked)
    draft, person, content = asked.get("draft", ""), me(viewer), None
    if draft:
        content = await lists.drafts.rulebook(person.id, draft) if person else None
        if content is None:
            raise nothing_here()
    lines = await lists.desk.explain(question, content, viewer.language)
    where = " · ".join(filter(None, (address, code, viewer.when(at_ms))))
    return lists_page(
        viewer,
        h.blockquote[text],
        h.p(".quiet")[where, " · ", said(viewer, "by_draft" if draft else "by_in_force")],
        h.section(".card")[h.pre(".explained")["\n".join(lines)]],
        explain_form(viewer, draft),
        title=said(viewer, "explain"),
    )
