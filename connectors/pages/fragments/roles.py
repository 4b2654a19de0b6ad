"""A reader's roles in a case on a page; `schemas.rights` says what these allow."""

from typing import Final

from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.case_roles import roles_of
from schemas.rights import CaseRole

_ABOVE: Final = frozenset({CaseRole.SUPERIOR, CaseRole.COORDINATOR, CaseRole.EVALUATOR, CaseRole.EMERGENCY})
ON_PAGE: Final = {
    "reporter": frozenset({CaseRole.REPORTER, CaseRole.FOLLOWER, CaseRole.DID_IT}),
    "handler": frozenset(
        {CaseRole.ASSIGNEE, CaseRole.EXECUTOR, CaseRole.ASSISTANT, CaseRole.OFFERED, CaseRole.STEWARD, CaseRole.DID_IT}
    ),
    "supervisor": _ABOVE | {CaseRole.INSPECTOR, CaseRole.APPROVER, CaseRole.STEWARD, CaseRole.DID_IT},
}
"""The case roles for which each page offers acts: a person with several roles finds each one's acts on its page."""


def parts_of(viewer: Viewer, case: Case, person: str) -> frozenset[CaseRole]:
    """A person's current roles in a case, including those by covers and desks."""
    gateway, covers = viewer.gateway, viewer.absences
    return roles_of(person, case, gateway.directory, gateway.rulebook, covers.stands_in, (viewer.now_ms,))
