"""Acts on a standing remedy: what would change what it is for, or hide it among other cases, is refused."""

from rules.acts.act_context import ActContext, refused
from rules.book.labels import ACT_NAMES
from schemas.rights import NOT_FOR_REMEDIES


def check_remedy(act: ActContext) -> None:
    """Raises `RefusedAct` for such an act."""
    if act.case.remedy is not None and act.command.act in NOT_FOR_REMEDIES:
        raise refused("not_for_remedies", act=ACT_NAMES[act.command.act])
