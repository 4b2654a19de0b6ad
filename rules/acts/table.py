"""What each act does; who may do it, and in which states, stands in `schemas.rights`."""

from collections.abc import Callable
from typing import Final

from rules.acts import (
    accepting,
    admitting,
    changing_lists,
    correcting,
    handling,
    joining,
    on_duty,
    pausing,
    rating,
    talking,
    verifying,
    whistling,
)
from rules.acts.doing import Doing
from schemas.command import Act


def _resolve(doing: Doing) -> None:
    """A duty is done, a case is resolved."""
    (handling.resolve if doing.case.duty is None else on_duty.done)(doing)


DO: Final[dict[Act, Callable[[Doing], None]]] = {
    Act.ACKNOWLEDGE: handling.acknowledge,
    Act.CONTACT: handling.contact,
    Act.RESOLVE: _resolve,
    Act.MILESTONE: handling.milestone,
    Act.RETURN: handling.give_back,
    Act.HAND_ON: handling.hand_on,
    Act.RAISE: handling.raise_up,
    Act.REQUEST_PAUSE: pausing.request_pause,
    Act.REQUEST_EXTENSION: pausing.request_extension,
    Act.APPROVE: pausing.approve,
    Act.DENY: pausing.deny,
    Act.RESUME: pausing.resume,
    Act.VERIFY: verifying.verify,
    Act.REJECT: verifying.reject,
    Act.REOPEN: joining.reopen,
    Act.RATE: rating.rate,
    Act.WITHDRAW: verifying.withdraw,
    Act.CORRECT: correcting.correct,
    Act.ASSIGN: correcting.assign_by_hand,
    Act.ASK: talking.ask,
    Act.ANSWER: talking.answer,
    Act.URGE: talking.urge,
    Act.MERGE: joining.merge,
    Act.SPLIT: joining.split,
    Act.ERASE: correcting.erase,
    Act.APPROVE_CHANGE: changing_lists.approve_change,
    Act.DENY_CHANGE: changing_lists.deny_change,
    Act.ACCEPT: accepting.accept,
    Act.ADMIT: admitting.admit,
    Act.TURN_AWAY: admitting.turn_away,
    Act.WHISTLE: whistling.whistle,
    Act.SIGN: whistling.sign,
    Act.ATTEND: whistling.attend,
    Act.RATE_REPORT_IN: whistling.rate_report_in,
}
