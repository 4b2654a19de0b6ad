"""What follows from the `errcode` of an answer; WeCom and WeChat differ in their codes only."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.chat.weixin.faults import BUSY, OLD_TOKEN, WeixinFault
from schemas.errors import Retry, WrongInput

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReturnCodes:
    """The codes of one platform."""

    wrong: Mapping[int, type[WrongInput | Retry]]
    """Something has to be configured, and what."""
    address: type[Retry]
    """The one of them that names our address, which the platform does not trust."""
    ip: re.Pattern[str]
    """Finds that address in what the platform says."""
    away: type[Retry]
    """Anything else."""
    nobody: frozenset[int]
    """This person cannot be written to."""
    not_now: frozenset[int] = frozenset()
    """They can be written to when they write again."""

    def explained(self, fault: WeixinFault) -> WrongInput | Retry:
        """The error that says what to configure."""
        kind, found = self.wrong.get(fault.code, self.away), self.ip.search(fault.says)
        return kind(address=found.group(1)) if kind is self.address and found else kind(says=str(fault))

    def judged(self, fault: WeixinFault, patience_s: float) -> TryLater | Unreachable | Unsendable:
        """What it means for a message; `patience_s` where the platform does not say how long to wait."""
        if fault.code in BUSY:
            return TryLater(str(fault), patience_s if fault.code != -1 else None)
        if fault.code in self.wrong:
            log.error("messages wait until somebody mends this: %s", self.explained(fault))
            return TryLater(str(fault), patience_s)
        if fault.code in OLD_TOKEN:  # two in a row: another program fetches tokens too
            return TryLater(str(fault))
        if fault.code in self.not_now:
            return Unreachable(f"only after they write again: {fault}")
        return Unreachable(str(fault)) if fault.code in self.nobody else Unsendable(str(fault))
