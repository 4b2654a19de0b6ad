"""What a person can be to a case."""

from enum import StrEnum


class Who(StrEnum):
    """What a person can be to a case; people are several of these at once."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    """The reporter of a case that was merged into this one: has a say in the result, not in the report."""
    ASSIGNEE = "assignee"
    """Also who covers for them, whose matter it is while somebody covers, and the officers of their department."""
    EXECUTOR = "executor"
    SUPERIOR = "superior"
    INSPECTOR = "inspector"
    STEWARD = "steward"
    """Those who decide about the list."""
    OFFERED = "offered"
    """Those who may accept a case that is on offer."""
    APPROVER = "approver"
    """Whom the rulebook names to admit tasks that are not on the list."""
    ASSISTANT = "assistant"
    """An officer of a department that was called beside the owner."""
