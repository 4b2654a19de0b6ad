"""What is said of danger: that it goes first, and what its words changed. In both languages, by reason code."""

from collections.abc import Mapping
from typing import Final

ABOUT_DANGER: Final[Mapping[str, tuple[str, str]]] = {
    "received_not_urgent": (
        "已收到上报。文中有{words}，但似是否定或属于别的词，未按紧急处理；如有险情，请补充说明。",
        "The report was received. It mentions {words}, but seems to deny it or to mean something else, so it is not "
        "treated as urgent; if somebody is in danger, add that.",
    ),
    "fallback_place_unknown": (
        "情况紧急，地点不明，先由兜底责任人{person}处理并联系上报人。",
        "It is urgent and nobody knows yet where; the fallback owner {person} has it and asks the reporter.",
    ),
    "urgent_not_refused": (
        "清单事项“{item}”不由本级办理，但情况紧急，先由{person}处置。",
        "List item “{item}” is not handled here, but it is urgent, so {person} has it first.",
    ),
    "urgent_tell": ("请同时联系{contact}。", "Also contact {contact}."),
    "urgent_at_gate": (
        "情况紧急，未经准入先行派遣。",
        "It is urgent, so it is dispatched without being admitted first.",
    ),
    "unanswered_urgent": (
        "已提醒{reminders}次未回复；情况紧急，不予退回，直接派遣。",
        "It was not answered after {reminders} reminders; as it is urgent, it is dispatched and not refused.",
    ),
    "urgent_now": (
        "补充内容说明情况紧急，不再并入案件{master}，单独办理。",
        "What was added says that it is urgent, so it is handled by itself and no longer follows case {master}.",
    ),
    "danger_told": (
        "{by}说到{words}，此案转为紧急。",
        "{by} mentioned {words}, so the case is urgent from now on.",
    ),
    "pause_over_by_danger": (
        "出现险情，缓办结束，恢复计时。",
        "There is danger, so the pause is over and the clock runs again.",
    ),
    "danger_doubted": (
        "{by}提到{words}，但似是否定或属于别的词，未转为紧急；请经办人核实，确有险情请补充说明。",
        "{by} mentioned {words}, but seems to deny it or to mean something else, so the case is not urgent; whoever "
        "has it please look, and say so if there is danger.",
    ),
    "danger_done": (
        "处置后{by}说到{words}；请经办人和核查员核实，如仍有险情请核查不通过。",
        "After the work was done, {by} mentioned {words}; whoever has it please look, and send it back if there is "
        "still danger.",
    ),
}
