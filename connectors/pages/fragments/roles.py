"""A reader's roles in a case on a page; `schemas.rights` says what these allow."""

from typing import Final

from schemas.rights import CaseRole

_ABOVE: Final = frozenset({CaseRole.SUPERIOR, CaseRole.COORDINATOR, CaseRole.EVALUATOR, CaseRole.EMERGENCY})
_CHANGES: Final = frozenset({CaseRole.STEWARD, CaseRole.CONSULTED})
_WORK: Final = frozenset({CaseRole.ASSIGNEE, CaseRole.EXECUTOR, CaseRole.ASSISTANT, CaseRole.OFFERED})
ON_PAGE: Final = {
    "reporter": frozenset({CaseRole.REPORTER, CaseRole.FOLLOWER, CaseRole.DID_IT}),
    "handler": _WORK | _CHANGES | {CaseRole.DID_IT},
    "supervisor": _ABOVE | _CHANGES | {CaseRole.INSPECTOR, CaseRole.APPROVER, CaseRole.DID_IT},
}
"""The case roles for which each page offers acts: a person with several roles finds each one's acts on its page."""
