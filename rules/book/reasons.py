"""Why, in words: one sentence per reason code and language. Nothing else builds sentences."""

from rules.book.danger_reasons import ABOUT_DANGER
from rules.book.refusal_reasons import ABOUT_REFUSALS
from rules.tables.matcher import Hit
from schemas.event import Because
from schemas.names import Language, Name
from schemas.table import Facts

SENTENCES: dict[str, tuple[str, str]] = {
    **ABOUT_DANGER,
    **ABOUT_REFUSALS,
    "received": ("已收到上报。", "The report was received."),
    "segment_owner": (
        "“{place}”属于路段{segment}，由{person}负责。",
        "“{place}” lies on road segment {segment}; {person} is responsible for it.",
    ),
    "grid_head": (
        "“{place}”属于网格{grid}，由{person}负责。",
        "“{place}” lies in grid {grid}; {person} is responsible.",
    ),
    "department": ("“{category}”由{department}主办。", "“{category}” is handled by {department}."),
    "person": ("“{category}”指定由{person}负责。", "“{category}” is assigned to {person}."),
    "fallback": (
        "没有规则指定“{category}”在“{place}”的责任人，由兜底责任人{person}处理。",
        "No rule names who is responsible for “{category}” at “{place}”; the fallback owner {person} has it.",
    ),
    "fallback_without_place": (
        "“{category}”无需地点，清单未指定责任人，由兜底责任人{person}处理。",
        "“{category}” needs no place, and no rule names who is responsible; the fallback owner {person} has it.",
    ),
    "covered": ("{owner}今天不在岗，由{person}代班。", "{owner} is away today; {person} covers."),
    "person_succeeded": ("{old}的案件由{person}接手。", "{person} takes over from {old}."),
    "department_succeeded": ("{old}的案件由{department}接手。", "{department} takes over from {old}."),
    "names_succeeded": ("所涉人员和部门已由他人接任。", "Others have taken the place of people it names."),
    "fallback_capped": (
        "已退单{returns}次，由兜底责任人{person}处理，不再退回。",
        "It was returned {returns} times; the fallback owner {person} has it for good.",
    ),
    "returned_on": ("{by}退单，转派{person}。", "{by} returned it; it goes on to {person}."),
    "redirected": (
        "清单事项“{item}”不由本级办理，转{department}。",
        "List item “{item}” is not handled at this level; it goes to {department}.",
    ),
    "refused": (
        "清单事项“{item}”不予受理。请联系{contact}。",
        "List item “{item}” is not handled here. Please contact {contact}.",
    ),
    "suspended_item": (
        "清单事项“{item}”暂停办理，由兜底责任人{person}处理。",
        "List item “{item}” is suspended; the fallback owner {person} has it.",
    ),
    "refused_unowned": ("清单事项“{item}”不予受理。", "List item “{item}” is not handled here."),
    "duplicate": (
        "与案件{master}相同（{metres}米内，同类），已并案；若不是同一件，请点“不是同一件”。",
        "It is the same as case {master} ({metres} m away, same category); tell us if it is not the same.",
    ),
    "duplicate_segment": (
        "与案件{master}在同一路段、同类，已并案；若不是同一件，请点“不是同一件”。",
        "It is the same as case {master} (same road segment and category); tell us if it is not the same.",
    ),
    "related": (
        "与附近的案件{case}有关，但未并案：{why}。",
        "Case {case} nearby is related, but this one was not joined to it: {why}.",
    ),
    "related_new": (
        "附近新立案件{case}，与本案有关，但未并案：{why}。",
        "Case {case} was opened nearby. It is related, but was not joined to this one: {why}.",
    ),
    "merged_by_person": ("{by}将其并入案件{master}。", "{by} joined it to case {master}."),
    "needs_place": ("缺少可用的地点，请补充。", "A usable place is missing; please add one."),
    "needs_choice": (
        "还不能确定地点，请选择：{candidates}",
        "It is not certain where it is, please choose: {candidates}",
    ),
    "needs_choice_of_more": (
        "还不能确定地点，请选择：{candidates}。另有{more}处也有可能；都不是的话，请补充门牌号、完整地址或定位。",
        "It is not certain where it is, please choose: {candidates}. Other possible places: {more}. "
        "If it is none of these three, add the house number, the full address or your position.",
    ),
    "needs_yes": ("请确认是否在此处：{candidates}", "Please confirm that it is here: {candidates}"),
    "needs_words": ("缺少描述或照片，请补充。", "Words or a photo are missing; please add some."),
    "unanswered": (
        "{reminders}次提醒后仍未补充，不予受理。",
        "Not completed after {reminders} reminders; it is refused.",
    ),
    "place_supplied": ("已补充地点：“{place}”。", "The place was supplied: “{place}”."),
    "words_supplied": ("已补充描述或照片。", "Words or a photo were supplied."),
    "same_photo_twice": (
        "处置前后是同一张照片，请补一张处置后的照片；只补文字则按一般问题派遣。",
        "The photos before and after are the same one; add a photo of how it is now. With words alone it is dispatched "
        "like any other report.",
    ),
    "self_handled": ("上报人已现场处置。", "The reporter fixed it on the spot."),
    "as_in_source": ("以原系统记录为准。", "As in the source."),
    "as_in_source_by_day": ("以原系统记录为准，只有日期。", "As in the source, which gives the day without the hour."),
    "received_by_day": (
        "已收到上报，原系统只有日期。",
        "The report was received; its source gives the day without the hour.",
    ),
    "act": ("{by}操作。", "Done by {by}."),
    "handed_on": (
        "{by}请{person}处置，责任人和时限不变。",
        "{by} asked {person} to do the work; who is accountable and by when stays as it was.",
    ),
    "raised": ("{by}上报至{person}。", "{by} raised it to {person}."),
    "reminded": (
        "第{n}次提醒：请补充所缺内容，否则将不予受理。",
        "Reminder {n}: please add what is missing, or the report is refused.",
    ),
    "deadline": ("到期未完成：{clock}。", "The deadline has passed: {clock}."),
    "milestone": ("{by}完成节点：{milestone}。", "{by} reached the milestone “{milestone}”."),
    "escalated": ("超期，上报至{person}。", "Overdue; {person} was told."),
    "policy": ("{after}内无人核查，按规定结案。", "Nobody checked within {after}; closed by policy."),
    "lapsed": ("无人审批，视为不同意。", "Nobody decided in time; it counts as denied."),
    "pause_over": ("缓办期满，恢复计时。", "The pause is over; the clock runs again."),
    "in_time": ("实际按时完成，撤回超期通知。", "It was done in time; the overdue notice is withdrawn."),
    "window_over": ("异议期和评价期已过，归档。", "The time for disputes and ratings is over; archived."),
    "master_ended": ("随主案{master}一并结案。", "Closed together with case {master}."),
    "master_reopened": ("主案{master}重开。", "Case {master} was reopened."),
    "list_change": (
        "对清单事项“{item}”的调整建议，由{person}办理，须另一人审批。",
        "A proposed change of list item “{item}”; {person} has it, and a second person decides.",
    ),
    "change_approved": ("{by}同意调整清单事项“{item}”。", "{by} approved the change of list item “{item}”."),
    "change_denied": ("{by}不同意调整清单事项“{item}”。", "{by} denied the change of list item “{item}”."),
    "offered": ("等待接单：{people}。", "It is offered to {people}; the first who accepts has it."),
    "accepted_offer": ("{person}已接单。", "{person} accepted it."),
    "admitted": ("{by}同意准入。", "{by} admitted it."),
    "turned_away": ("{by}不同意准入，退回下派部门。", "{by} turned it away; it goes back to the department."),
    "nobody_admitted": ("无人准入，退回下派部门。", "Nobody admitted it in time; it goes back to the department."),
    "whistled": (
        "{by}吹哨：“{item}”，请{departments}报到。",
        "{by} whistled for “{item}”; {departments} are to report in.",
    ),
    "reported_in_as": ("{by}已{step}。", "{by} reported in: {step}."),
    "report_in_missed": ("{departments}未按时{step}。", "{departments} did not {step} in time."),
    "report_in_rated": ("{by}评价了{department}的报到。", "{by} rated how {department} reported in."),
    "activated": ("规则已生效。", "The rulebook is active."),
    "cover_set": ("代班安排已登记。", "The cover is registered."),
}

_AT_THE_GATE: dict[str, tuple[str, str]] = {
    "": ("不在本级清单内", "is not on this level's list"),
    "_refused": ("被本级清单列为不予受理", "is on this level's list as not handled here"),
    "_of_another": ("在清单上由其他部门主办、协办", "belongs to other departments on the list"),
    "_unfit": ("与所述内容不符", "does not fit what is described"),
}
_UNCITED = ("{department}下派任务未引用清单事项", "{department} pushed down a task without citing a list item")
for _end, (_zh, _en) in _AT_THE_GATE.items():
    SENTENCES[f"not_admitted{_end}"] = (
        f"{{department}}下派的“{{item}}”{_zh}，不予受理。",
        f"{{department}} pushed down “{{item}}”, which {_en}; it is refused.",
    )
    SENTENCES[f"needs_admission{_end}"] = (
        f"{{department}}下派的“{{item}}”{_zh}，待{{person}}准入。",
        f"{{department}} pushed down “{{item}}”, which {_en}; {{person}} has to admit it.",
    )
SENTENCES["not_admitted_uncited"] = (f"{_UNCITED[0]}，不予受理。", f"{_UNCITED[1]}; it is refused.")
SENTENCES["needs_admission_uncited"] = (
    f"{_UNCITED[0]}，待{{person}}准入。",
    f"{_UNCITED[1]}; {{person}} has to admit it.",
)


def because(code: str, **facts: object) -> Because:
    """The reason `code` with its sentence in both languages; a `Name` among `facts` is said in each language."""
    zh, en = SENTENCES[code]
    return Because(
        code=code,
        zh=zh.format(**_said(facts, Language.ZH)).strip(),
        en=en.format(**_said(facts, Language.EN)).strip(),
    )


def _said(facts: dict[str, object], language: Language) -> dict[str, object]:
    said = {name: fact.to(language) if isinstance(fact, Name) else fact for name, fact in facts.items()}
    return {name: "" if fact is None else fact for name, fact in said.items()}


def explained(reason: Because, version: str, hit: Hit, facts: Facts) -> Because:
    """`reason` with the rule that led to it: version, row, the facts matched and the rows that lost."""
    return reason.model_copy(
        update={
            "version": version,
            "row": hit.row.id if hit.row else None,
            "row_number": hit.row_number,
            "facts": dict(facts),
            "also": hit.also,
        }
    )


def ruled(reason: Because, rule: Because) -> Because:
    """`reason` with the rule that led to `rule`."""
    return reason.model_copy(update={name: getattr(rule, name) for name in _OF_RULE})


_OF_RULE = ("version", "row", "row_number", "facts", "also")
