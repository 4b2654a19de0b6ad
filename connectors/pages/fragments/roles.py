"""What a reader is to a case on the page of a role: `schemas.rights` says what that allows."""

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
"""Which parts each role's page is for: somebody who reports and handles finds the acts of each on its own page."""


def parts_of(viewer: Viewer, case: Case, person: str) -> frozenset[CaseRole]:
    """What a person is to a case at this moment, covers and desks included."""
    gateway, covers = viewer.gateway, viewer.absences
    return roles_of(person, case, gateway.directory, gateway.rulebook, covers.stands_in, (viewer.now_ms,))
