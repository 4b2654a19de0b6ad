"""Why an act is refused. In both languages, by reason code."""

from collections.abc import Mapping
from typing import Final

ABOUT_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "no_change": ("此件不是清单调整建议。", "It proposes no change of the list."),
    "change_undecided": (
        "清单调整建议须由另一人同意或不同意（approve-change、deny-change）。",
        "A second person approves or denies a change of the list (approve-change, deny-change).",
    ),
    "duty": ("值守“{duty}”，由{person}在{until}前完成。", "Duty “{duty}”: {person} until {until}."),
    "duty_not_done": ("值守未完成：{person}。", "The duty was not done: {person}."),
    "unknown_duty": ("该值守已取消或地点有误。", "There is no such duty any more, or its place is wrong."),
    "not_for_duties": ("值守不能“{act}”。", "“{act}” is not for duties."),
    "bad_change": ("建议的清单事项不完整，请按模板填写。", "What it proposes is no list item; fill in the template."),
    "may_not_propose": (
        "{by}在此处没有清单调整建议权；发现清单有误，可作为建议上报。",
        "{by} may not propose changes of the list here; what is wrong with it can be reported as a suggestion.",
    ),
    "change_fails": ("改后的清单有错误：{detail}。", "The list would be wrong with this change: {detail}."),
    "second_person": ("须由另一人审批。", "A second person has to decide."),
    "no_steward": (
        "{by}无权审批清单调整，请找清单管理员或街道。",
        "{by} does not decide about the list; ask a list steward or the street office.",
    ),
    "not_offered": ("此件未在待接单状态。", "It is not on offer."),
    "not_held": ("此件无需准入审批。", "It does not wait for an admission."),
    "whistle_needed": ("请引用吹哨清单事项：{items}", "Cite an item of the whistle list (--cite): {items}"),
    "whistle_not_named": (
        "吹哨事项“{item}”不含{departments}，可召：{named}。含该部门的事项：{items}",
        "Whistle item “{item}” does not name {departments}; it calls {named}. Items that name them: {items}",
    ),
    "rate_other_item": (
        "{department}是因事项{item}被召的，请按该事项评价。",
        "{department} was called for item {item}; rate it for that one.",
    ),
    "rate_other_case": (
        "此案的清单事项是{item}，请勿引用其他事项。",
        "The list item of this case is {item}; a rating cites no other.",
    ),
    "unknown_department": ("没有部门“{department}”。", "There is no department “{department}”."),
    "already_called": ("{departments}已在办理此案。", "{departments} already work on this case."),
    "reported_in": ("{department}已{step}。", "{department} has done that already: {step}."),
    "called_off": (
        "上报人已撤回此件：{department}无需再报到，也不计入报到率。",
        "Its reporter withdrew the case: {department} need not report in, and that counts in no rate.",
    ),
    "not_called": ("{by}所在部门未被呼叫。", "The department of {by} was not called."),
    "rate_whom": (
        "请指明要评价的部门，此案吹哨召来的有：{departments}",
        "Name the department that is rated (--to); the whistle called: {departments}",
    ),
    "none_whistled": ("此案没有吹哨召来的部门。", "No department was called to this case by a whistle."),
    "rated_already": ("已评价过{department}。", "{department} was rated already."),
    "rate_too_early": ("{department}尚未到场，也未超期。", "{department} has not attended yet, and still has time."),
    "rate_too_late": ("评价期已过，{department}记为未评价。", "The time is over; {department} stays not rated."),
    "other_kind": (
        "诉求类型不同，不能与案件{master}并案；请分别答复。",
        "It is of another kind than case {master}, so they cannot be joined; answer each of them.",
    ),
    "would_lose": (
        "不能并入案件{master}：{why}。确为同一件的，可反过来把那件并入此件。",
        "It cannot be joined to case {master}: {why}. If both are the same, join that case to this one.",
    ),
    "too_late": (
        "案件{case}已办结或不予受理，不能再补充；请重新上报并注明原编号。",
        "Case {case} is over, so nothing can be added; report again and link to it.",
    ),
    "has_followers": (
        "有其他案件并入此案，请先拆分，或反向并案。",
        "Other cases follow this one; split them first, or join it the other way round.",
    ),
    "was_split": (
        "上报人已说明与案件{master}不是同一件。",
        "Its reporter said that it is not the same as case {master}.",
    ),
    "was_withdrawn": (
        "上报人已撤回此件，请重新上报并注明原编号。",
        "Its reporter withdrew it; report again and link to it.",
    ),
    "not_withdrawn": (
        "只有上报人可以撤回；请选择其他处置结果。",
        "Only its reporter withdraws a case; choose another outcome.",
    ),
    "own_work": (
        "不能核查或评价自己办理的案件；由其他上报人、核查员核查，或到期按规定结案。",
        "Nobody verifies or rates their own work; another reporter, an inspector or the policy does.",
    ),
    "above_your_rung": (
        "此案在{person}一级，{by}级别不够，无权决定。",
        "The case is at the level of {person}; {by} is below that and cannot decide on it.",
    ),
    "not_your_area": (
        "{by}不在网格“{grid}”的层级中，无权对此案作决定。",
        "{by} is not on the ladder of {grid} and cannot decide on this case.",
    ),
    "cannot_answer": (
        "{person}没有承办此案的职责，请指派路段负责人、网格员、作业员、部门值班员或本网格层级人员。",
        "{person} has no role that answers for such a case; assign a segment supervisor, a grid worker, an executor, a "
        "department officer or somebody on the ladder of this grid.",
    ),
    "cannot_work": (
        "{person}没有办理此案的职责；请交给作业员、本部门人员或本街道一线人员。",
        "{person} has no role that does this work; hand it on to an executor, to your own department's people or to "
        "those who work on the street.",
    ),
    "assign_upwards": (
        "{person}是上级，不能向上指派；本级解决不了的请用“上报”。",
        "{person} is above you; to hand a case upwards, raise it.",
    ),
    "emergency_only": (
        "{by}只有应急处置权，“{item}”不属于应急类。",
        "{by} has the power of emergency disposal only; “{item}” is no emergency.",
    ),
    "cannot_cover": (
        "{cover}没有相应职责，不能为{person}代班。",
        "{cover} has no role that could stand in for {person}.",
    ),
    "unknown_case": (
        "没有案件{case}，或已归档。请核对编号；如仍有问题请重新上报并注明原编号。",
        "There is no case {case}, or it is archived. Check the number, or report again and link to it.",
    ),
    "moved_away": (
        "案件{case}已补充地点并移至{home}，请按上报编号查询。",
        "Case {case} moved to {home}; look it up by its report id.",
    ),
    "wrong_state": (
        "案件状态为“{state}”，不能执行“{act}”。现在可以：{can}",
        "The case is {state}, so “{act}” is not possible. Possible now: {can}",
    ),
    "done_there": ("此件已并入{master}，请对该案执行“{act}”。", "It was joined to {master}; do “{act}” there."),
    "not_allowed": (
        "{by}无权对此案执行“{act}”。可由：{who}",
        "{by} may not do “{act}” on this case. It may be done by: {who}",
    ),
    "unknown_person": ("没有人员{person}，请核对编号。", "There is no person {person}; check the id."),
    "photo_needed": ("此类案件须上传处置后照片。", "This category needs an after-photo; add one."),
    "words_needed": ("请填写说明。", "Add a note that says what you mean."),
    "reason_needed": (
        "退单须选择原因：地点不符、职责不符、已处置、不安全，并附说明或照片。",
        "Say why: wrong_place, wrong_trade, already_done or unsafe, with a note or a photo.",
    ),
    "cite_needed": (
        "部门退单须引用清单事项，例如：{items}",
        "A department must cite a list item, for example: {items}",
    ),
    "cite_own": (
        "清单事项“{item}”由本部门主办，不能据此退单。可引用：{items}",
        "List item “{item}” is led by your own department, so it does not say whose the case is. You could cite: "
        "{items}",
    ),
    "cite_why": (
        "清单事项“{item}”与此案内容不符，请说明为何引用；类别有误请先“更正”。",
        "List item “{item}” does not fit what this case is about: say in a note why you cite it, "
        "or correct the category.",
    ),
    "return_capped": (
        "退单次数已到上限，由兜底责任人处理。",
        "The limit of returns is reached; the fallback owner keeps it.",
    ),
    "fallback_keeps": ("兜底责任人不能退单，可“上报”。", "The fallback owner cannot return a case; raise it."),
    "no_such_milestone": (
        "没有待完成的节点{milestone}；可填：{open}",
        "There is no milestone {milestone} to be reached; open ones: {open}",
    ),
    "whom_needed": ("请指明对象。", "Say whom."),
    "hours_needed": ("请填写小时数。", "Say for how many hours."),
    "request_open": ("已有待审批的申请。", "A request is already waiting for a decision."),
    "no_request": ("没有待审批的申请。", "There is no request to decide."),
    "own_request": (
        "不能审批自己的申请，也不能为自己承办的案件延时；请由另一位上级审批。",
        "Nobody decides their own request, or gives more time to a case that they have; another superior does.",
    ),
    "own_department": (
        "不能准入本人或本部门下派的任务，也不能评价本部门的报到；请由另一人办理。",
        "Nobody admits what they or their own department pushed down, or rates their own department; another does.",
    ),
    "may_not_place": (
        "{by}无权为{person}登记代班；请由本人或其上级登记。",
        "{by} may not say who covers for {person}; that is for {person} or somebody above them.",
    ),
    "rating_needed": (
        "请说明是否满意：satisfied（满意）或 dissatisfied（不满意）。",
        "Say whether you are satisfied or dissatisfied (--rating).",
    ),
    "rating_over": ("已过评价期。", "The time for ratings is over."),
    "window_closed": ("已过异议期。", "The reopen window is over."),
    "reopen_capped": (
        "重开次数已到上限，请重新上报并注明原编号。",
        "It was reopened too often; report again and link to it.",
    ),
    "not_a_master": (
        "案件{master}不能作为主案（不存在、已结案或自身已并案）。",
        "Case {master} cannot take it: unknown, ended or merged itself.",
    ),
    "no_place": ("找不到该地点，请换一种写法。", "That place cannot be found; say it in another way."),
    "unknown_category": ("没有类别{category}。", "There is no category {category}."),
    "top_of_ladder": ("已在最高层级。", "It is at the top of the ladder already."),
    "times_wrong": ("时间先后有误，请核对。", "The times are not in order; check them."),
    "nothing_to_change": ("没有要更正的内容。", "Nothing to correct was given."),
    "nothing_to_erase": (
        "没有您可删除的文字：上报人可删除自己写的，本区域上级可全部删除。",
        "There are no words that you may erase: reporters erase what they wrote, superiors of the area everything.",
    ),
}
