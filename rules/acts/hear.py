"""After an act: what its words tell of danger."""

from typing import Final

from rules.acts.act_context import ActContext
from rules.cases.hearing import heard
from schemas.command import Act

_TELLS: Final = frozenset(
    {Act.ANSWER, Act.REJECT, Act.REOPEN, Act.URGE, Act.CORRECT, Act.CONTACT, Act.RETURN, Act.RAISE}
)
"""Acts whose words say how it is now. A question tells nothing, and who resolves says what was done."""


def hear(act: ActContext) -> None:
    """Words of danger in the note of an act make a case urgent that was not, or are shown to whoever has it."""
    own_answer = act.as_assignee and act.command.act is Act.ANSWER
    if act.command.act in _TELLS and not own_answer:
        act.case = heard(act.builder, act.case, act.command.note, act.command.by)
