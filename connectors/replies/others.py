"""Who has something to do with an event besides those who report and handle the case: asked, called, or above."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.replies.recipients import Others
from connectors.replies.reply import ReplyTo
from schemas.directory import Directory
from schemas.event import EventType
from schemas.joint import ReportInStep
from schemas.people import Power, Role
from schemas.rulebook import Rulebook

Whom = Iterator[tuple[str, ReplyTo]]


def others(now: Callable[[], tuple[Directory, Rulebook]]) -> Others:
    """`now` gives the region and the rulebook as they are; both may be replaced while a gateway runs."""

    def concerned(event: Mapping[str, Any]) -> Whom:
        find = _WHOM.get(event["type"])
        return iter(()) if find is None else find(event, *now())

    return concerned


def _decider(event: Mapping[str, Any], directory: Directory, _: Rulebook) -> Whom:
    """A request goes to the lowest rung above the person who made it."""
    ladder, by = directory.ladder_of(event["grid"]), event["by"]
    above = ladder[ladder.index(by) + 1 :] if by in ladder else ladder
    if above:
        yield above[0], "decider"


def _approver(_: Mapping[str, Any], __: Directory, rulebook: Rulebook) -> Whom:
    if rulebook.policy.approver is not None:
        yield rulebook.policy.approver, "decider"


def _rung(event: Mapping[str, Any], _: Directory, __: Rulebook) -> Whom:
    person = event.get("facts", {}).get("to")
    if person:
        yield person, "superior"


def _officers(event: Mapping[str, Any], directory: Directory, _: Rulebook) -> Whom:
    called = event.get("facts", {}).get("departments", ())
    for person in directory.region.persons:
        if person.department in called and Role.DEPARTMENT_OFFICER in person.roles:
            yield person.id, "officer"


def _evaluators(event: Mapping[str, Any], directory: Directory, _: Rulebook) -> Whom:
    """Those who may rate hear it when somebody has come, not with every step before."""
    if event.get("facts", {}).get("step") != ReportInStep.ATTEND:
        return
    for person in directory.holders(Power.EVALUATION):
        if directory.holds(Power.EVALUATION, person, event["grid"]):
            yield person, "evaluator"


_WHOM: Mapping[str, Callable[[Mapping[str, Any], Directory, Rulebook], Whom]] = {
    EventType.PAUSE_REQUESTED: _decider,
    EventType.EXTENSION_REQUESTED: _decider,
    EventType.ADMISSION_REQUESTED: _approver,
    EventType.ESCALATED: _rung,
    EventType.WHISTLED: _officers,
    EventType.REPORTED_IN: _evaluators,
}
