"""The function of each act; `schemas.rights` says who may do it in which states."""

from collections.abc import Callable
from typing import Final

from rules.acts import (
    accept,
    admit,
    correct,
    decide_list_change,
    handle,
    merge,
    on_duty,
    pause,
    rate,
    talk,
    verify,
    whistle,
)
from rules.acts.act_context import ActContext
from schemas.command import Act


def _resolve(act: ActContext) -> None:
    """A duty is done, a case is resolved."""
    (handle.resolve if act.case.duty is None else on_duty.done)(act)


DO: Final[dict[Act, Callable[[ActContext], None]]] = {
    Act.ACKNOWLEDGE: handle.acknowledge,
    Act.CONTACT: handle.contact,
    Act.RESOLVE: _resolve,
    Act.MILESTONE: handle.milestone,
    Act.RETURN: handle.give_back,
    Act.HAND_ON: handle.hand_on,
    Act.RAISE: handle.raise_up,
    Act.REQUEST_PAUSE: pause.request_pause,
    Act.REQUEST_EXTENSION: pause.request_extension,
    Act.APPROVE: pause.approve,
    Act.DENY: pause.deny,
    Act.RESUME: pause.resume,
    Act.VERIFY: verify.verify,
    Act.REJECT: verify.reject,
    Act.REOPEN: merge.reopen,
    Act.RATE: rate.rate,
    Act.WITHDRAW: verify.withdraw,
    Act.CORRECT: correct.correct,
    Act.ASSIGN: correct.assign_by_hand,
    Act.ASK: talk.ask,
    Act.ANSWER: talk.answer,
    Act.URGE: talk.urge,
    Act.MERGE: merge.merge,
    Act.SPLIT: merge.split,
    Act.ERASE: correct.erase,
    Act.APPROVE_CHANGE: decide_list_change.approve_change,
    Act.DENY_CHANGE: decide_list_change.deny_change,
    Act.ACCEPT: accept.accept,
    Act.ADMIT: admit.admit,
    Act.TURN_AWAY: admit.turn_away,
    Act.WHISTLE: whistle.whistle,
    Act.SIGN: whistle.sign,
    Act.ATTEND: whistle.attend,
    Act.RATE_REPORT_IN: whistle.rate_report_in,
}
