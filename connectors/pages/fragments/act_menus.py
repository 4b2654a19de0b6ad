"""Arranges the acts on a case's page: the most needed are visible, the rest is under "more"."""

from collections.abc import Iterable

import htpy as h

from connectors.pages.fragments import admission, joint, list_change, milestones
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.correction_forms import correct, erase, merge, split
from connectors.pages.fragments.propose_form import propose
from connectors.pages.html.inputs import menu
from schemas.command import Act


def of_handler(acts: Acts) -> h.Element:
    """For the person who has the job or does the work."""
    if acts.case.change is not None:  # a proposal is decided; there is no work on site
        time = menu(
            acts.viewer,
            acts.ask_for_time(Act.REQUEST_PAUSE, "pause"),
            acts.ask_for_time(Act.REQUEST_EXTENSION, "clock"),
            acts.add(),
        )
        return _put(
            acts,
            list_change.decide(acts),
            _row(_first(acts)),
            _folded([acts.with_words(Act.ASK, "hint.ask", "ask"), acts.not_mine(), time]),
        )
    rare = menu(
        acts.viewer,
        acts.ask_for_time(Act.REQUEST_PAUSE, "pause"),
        acts.ask_for_time(Act.REQUEST_EXTENSION, "clock"),
        acts.raise_up(),
        correct(acts),
        merge(acts),
        acts.add(),
    )
    return _put(
        acts,
        admission.offer(acts),
        joint.steps(acts),
        _row(_first(acts)),
        milestones.form(acts),
        acts.done(),
        _folded([acts.hand_on(), acts.with_words(Act.ASK, "hint.ask", "ask"), acts.not_mine(), propose(acts), rare]),
    )


def _first(acts: Acts) -> list[h.Element | None]:
    return [
        acts.simple(Act.ACKNOWLEDGE, "check", "main") if acts.may(Act.ACKNOWLEDGE) else None,
        acts.simple(Act.CONTACT, "here") if acts.has_it and acts.case.contacted_ms is None else None,
        acts.simple(Act.RESUME, "redo") if acts.may(Act.RESUME) else None,
    ]


def of_supervisor(acts: Acts) -> h.Element:
    """For a superior or an inspector."""
    first = [acts.simple(Act.RESUME, "redo") if acts.may(Act.RESUME) else None, split(acts)]
    rare = menu(acts.viewer, acts.raise_up(), correct(acts), merge(acts), erase(acts))
    return _put(
        acts,
        admission.decide(acts),
        list_change.decide(acts),
        acts.decide(),
        acts.verdict(),
        joint.rates(acts),
        _row(first),
        _folded([joint.whistle(acts), acts.urge(), acts.assign(), acts.reopen(), propose(acts), rare]),
    )


def _row(parts: Iterable[h.Element | None]) -> h.Element | None:
    shown = [part for part in parts if part is not None]
    return h.div(".row")[shown] if shown else None


def _folded(parts: Iterable[h.Element | None]) -> h.Element | None:
    shown = [part for part in parts if part is not None]
    return h.div(".folded")[shown] if shown else None


def _put(acts: Acts, *parts: h.Element | None) -> h.Element:
    shown = [part for part in parts if part is not None]
    return h.div[shown or h.p(".quiet")[acts.words("acts.none")]]
