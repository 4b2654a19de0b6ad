"""A refused submission, explained in the sender's language with every mistake named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from connectors.intake.messages import message
from schemas.errors import WrongInput
from schemas.names import Language


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One mistake: its code in `connectors.intake.messages`, its field, and the facts of its text."""

    code: str
    where: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    def to_json(self, language: Language) -> dict[str, str]:
        """`{"error", "message", "where"}`."""
        said = message(self.code, language, **{"where": self.where} | self.facts)
        return {"error": self.code, "message": said, "where": self.where}


class Refused(WrongInput):
    """What was sent cannot be accepted. Correct what is named and send it again."""

    def __init__(self, status: HTTPStatus, faults: Iterable[FieldFault]) -> None:
        self.status = status
        self.faults = tuple(faults)
        super().__init__(None, status=int(status), errors=[fault.code for fault in self.faults])

    def answer(self, language: Language) -> dict[str, Any]:
        """The answer: the first mistake at the top, and all of them in `faults` when there are several."""
        faults = [fault.to_json(language) for fault in self.faults]
        return faults[0] | ({"faults": faults} if len(faults) > 1 else {})


def refused(status: HTTPStatus, code: str, where: str = "", **facts: object) -> Refused:
    """A refusal for one reason."""
    return Refused(status, [FieldFault(code, where, facts)])


def bad(code: str, where: str = "", **facts: object) -> Refused:
    """A refusal for one reason, status 400."""
    return refused(HTTPStatus.BAD_REQUEST, code, where, **facts)
