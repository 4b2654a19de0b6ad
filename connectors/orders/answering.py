"""Answers to departments' acts: what was decided, or what is wrong with a record, in words."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from connectors.intake.answers import Answer
from connectors.intake.refusal import FieldFault, Refused
from connectors.orders.open_acts import OpenAct
from schemas.action import ANSWER_KIND, ActionAnswer
from schemas.codec import Headers, cloud_event, encode
from schemas.event import Because, EventType
from schemas.names import Language
from schemas.topics import answers_topic

SOURCE: Final = "grid36/actions"


class AnswerRecord(NamedTuple):
    """A record for the topic of answers; `topic` without prefix."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


def decided(act: OpenAct, answer: Answer, t_ms: int) -> AnswerRecord:
    """What became of an act."""
    refused = answer.state == "refused"
    told = [answer.no] if answer.no is not None else answer.events
    reasons = tuple([event.because for event in told if event.because is not None])
    changed = () if refused else tuple([event.type for event in answer.events])
    on_log_ms = min((event.t_ms for event in answer.events), default=None)
    return _record(act, "refused" if refused else "done", reasons, changed, t_ms, on_log_ms)


def unacceptable(act: OpenAct, refusal: Refused, t_ms: int) -> AnswerRecord:
    """What is wrong with a record."""
    return _record(act, "refused", tuple(_said(refusal.faults)), (), t_ms)


def _said(faults: Iterable[FieldFault]) -> Iterable[Because]:
    for fault in faults:
        zh, en = (fault.to_json(language)["message"] for language in (Language.ZH, Language.EN))
        yield Because(code=fault.code, zh=zh, en=en)


def _record(
    act: OpenAct,
    state: Literal["done", "refused"],
    because: tuple[Because, ...],
    changed: tuple[EventType, ...],
    t_ms: int,
    on_log_ms: int | None = None,
) -> AnswerRecord:
    """The id of the event is made of department, act, place and outcome, so an answer that is written again has it."""
    answer = ActionAnswer(
        id=act.id, case=act.case, state=state, because=because, changed=changed, partition=act.partition,
        offset=act.offset, t_ms=on_log_ms,
    )  # fmt: skip
    place = "http" if act.partition is None else f"{act.partition}-{act.offset}"
    event_id = f"{act.department}/{act.id}/{place}/{state}"
    headers = cloud_event(event_id=event_id, source=SOURCE, kind=ANSWER_KIND, t_ms=t_ms, subject=act.case)
    return AnswerRecord(answers_topic(act.department), act.case.encode(), encode(answer), headers)
