"""The outcome of what was just sent, for readers without script: done, refused and why, or undecided."""

from collections.abc import Sequence

import htpy as h

from connectors.intake.answers import Answer, answer_of, answer_to
from connectors.intake.refusal import Refused
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from schemas.event import Event


async def outcome(viewer: Viewer) -> h.Element | None:
    """The outcome of `?act=`; None if the URL names nothing that was sent here."""
    act = viewer.request.query.get("act")
    if act is None:
        return None
    try:
        answer = await answer_to(viewer.gateway, act)
    except Refused as refusal:
        return notice("bad", refusal.answer(viewer.language)["message"])
    return None if answer is None else _said(viewer, answer)


def outcome_of(viewer: Viewer, caused: Sequence[Event]) -> h.Element:
    """The same, from the events that it caused."""
    return _said(viewer, answer_of(caused))


def _said(viewer: Viewer, answer: Answer) -> h.Element:
    if answer.no is not None:
        return notice("bad", viewer.why(answer.no.because))
    if answer.state == "done":
        return notice("good", viewer.words("js.done"))
    again = h.a(href=str(viewer.request.rel_url))[viewer.words("reload")]
    return notice("plain", viewer.words("act.waiting"), " ", again)
