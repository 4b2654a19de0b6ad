"""After an act: looks for words of danger in its note."""

from typing import Final

from rules.acts.act_context import ActContext
from rules.cases.hearing import heard
from schemas.command import Act

_TELLS: Final = frozenset(
    {Act.ANSWER, Act.REJECT, Act.REOPEN, Act.URGE, Act.CORRECT, Act.CONTACT, Act.RETURN, Act.RAISE}
)
"""Acts whose notes describe the present. A question does not, and whoever resolves describes the work."""


def hear(act: ActContext) -> None:
    """Make a case urgent whose note speaks of danger, or show an uncertain note to its holder."""
    own_answer = act.as_assignee and act.command.act is Act.ANSWER
    if act.command.act in _TELLS and not own_answer:
        act.case = heard(act.builder, act.case, act.command.note, act.command.by)
