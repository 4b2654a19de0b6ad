"""What states, acts, clocks and people's parts are called in sentences, in both languages."""

from collections.abc import Iterable

from schemas.case import Deadline, State, UrgentBy
from schemas.command import Act, RecordWhat
from schemas.joining import Lost
from schemas.joint import ReportInStep
from schemas.names import Name
from schemas.pending import OfferTo

STATE_NAMES: dict[State, Name] = {
    State.SUBMITTED: Name(zh="已上报", en="submitted"),
    State.NEEDS_INFORMATION: Name(zh="待补充", en="waiting for information"),
    State.MOVED: Name(zh="已移交", en="moved"),
    State.MERGED: Name(zh="已并案", en="merged"),
    State.REFUSED: Name(zh="不予受理", en="refused"),
    State.DISPATCHED: Name(zh="已派遣", en="dispatched"),
    State.ACKNOWLEDGED: Name(zh="已签收", en="acknowledged"),
    State.RETURNED: Name(zh="退单", en="returned"),
    State.SUSPENDED: Name(zh="缓办", en="suspended"),
    State.RESOLVED: Name(zh="已处置", en="resolved"),
    State.REWORK: Name(zh="返工", en="in rework"),
    State.CLOSED: Name(zh="已结案", en="closed"),
    State.REOPENED: Name(zh="已重开", en="reopened"),
}

ACT_NAMES: dict[Act | RecordWhat, Name] = {
    Act.ACKNOWLEDGE: Name(zh="签收", en="acknowledge"),
    Act.CONTACT: Name(zh="联系", en="contact"),
    Act.MILESTONE: Name(zh="完成节点", en="milestone"),
    Act.RESOLVE: Name(zh="处置完成", en="resolve"),
    Act.RETURN: Name(zh="退单", en="return"),
    Act.HAND_ON: Name(zh="交办", en="hand-on"),
    Act.REQUEST_PAUSE: Name(zh="申请缓办", en="request-pause"),
    Act.REQUEST_EXTENSION: Name(zh="申请延期", en="request-extension"),
    Act.APPROVE: Name(zh="同意", en="approve"),
    Act.DENY: Name(zh="不同意", en="deny"),
    Act.RESUME: Name(zh="恢复办理", en="resume"),
    Act.VERIFY: Name(zh="核查通过", en="verify"),
    Act.REJECT: Name(zh="核查不通过", en="reject"),
    Act.REOPEN: Name(zh="重开", en="reopen"),
    Act.RATE: Name(zh="评价", en="rate"),
    Act.WITHDRAW: Name(zh="撤回", en="withdraw"),
    Act.CORRECT: Name(zh="更正", en="correct"),
    Act.ASK: Name(zh="询问", en="ask"),
    Act.ANSWER: Name(zh="答复", en="answer"),
    Act.URGE: Name(zh="督办", en="urge"),
    Act.RAISE: Name(zh="上报", en="raise"),
    Act.ASSIGN: Name(zh="指派", en="assign"),
    Act.MERGE: Name(zh="并案", en="merge"),
    Act.SPLIT: Name(zh="拆分", en="split"),
    Act.ERASE: Name(zh="删除文字", en="erase"),
    Act.APPROVE_CHANGE: Name(zh="同意调整清单", en="approve-change"),
    Act.DENY_CHANGE: Name(zh="不同意调整清单", en="deny-change"),
    Act.ACCEPT: Name(zh="接单", en="accept"),
    Act.ADMIT: Name(zh="准入", en="admit"),
    Act.TURN_AWAY: Name(zh="不准入", en="turn-away"),
    Act.WHISTLE: Name(zh="吹哨", en="whistle"),
    Act.SIGN: Name(zh="报到签收", en="sign"),
    Act.ATTEND: Name(zh="到场", en="attend"),
    Act.RATE_REPORT_IN: Name(zh="评价报到", en="rate-report-in"),
    RecordWhat.OPENED: Name(zh="立案", en="open"),
    RecordWhat.ACKNOWLEDGED: Name(zh="签收", en="acknowledge"),
    RecordWhat.MERGED: Name(zh="并案", en="merge"),
    RecordWhat.CLOSED: Name(zh="结案", en="close"),
}

WHO_NAMES: dict[str, Name] = {
    "reporter": Name(zh="上报人", en="the reporter"),
    "follower": Name(zh="并案的上报人", en="reporters of merged cases"),
    "assignee": Name(zh="责任人", en="the assignee"),
    "executor": Name(zh="受交办的人", en="whoever the work was handed on to"),
    "superior": Name(zh="本区域上级", en="a superior of this area"),
    "inspector": Name(zh="核查员", en="an inspector"),
    "steward": Name(zh="清单管理员", en="a list steward"),
    "offered": Name(zh="可接单的人", en="those it is offered to"),
    "approver": Name(zh="准入审批人", en="the named approver"),
    "assistant": Name(zh="协办部门", en="a department that was called"),
    "pushed_it": Name(zh="下派任务的人", en="whoever pushed the task down"),
    "did_it": Name(zh="办理人", en="whoever did the work"),
    "coordinator": Name(zh="有统筹协调权的人", en="whoever has the power of coordination here"),
    "evaluator": Name(zh="有考核评价权的人", en="whoever has the power of evaluation here"),
    "emergency": Name(zh="有应急处置权的人", en="whoever has the power of emergency disposal here"),
}

OFFER_NAMES: dict[OfferTo, Name] = {
    OfferTo.WORKERS: Name(zh="本网格网格员", en="the workers of the grid"),
    OfferTo.VOLUNTEERS: Name(zh="志愿者", en="volunteers"),
    OfferTo.ALL_WORKERS: Name(zh="全街道网格员", en="all workers of the street"),
    OfferTo.EVERYBODY: Name(zh="志愿者和网格员", en="volunteers and workers"),
}

STEP_NAMES: dict[ReportInStep, Name] = {
    ReportInStep.SIGN: Name(zh="签收", en="sign"),
    ReportInStep.CONTACT: Name(zh="联系", en="contact"),
    ReportInStep.ATTEND: Name(zh="到场", en="attend"),
}

CLOCK_NAMES: dict[Deadline, Name] = {
    Deadline.ACCEPT: Name(zh="签收", en="acknowledge"),
    Deadline.RESPOND: Name(zh="首次响应", en="first response"),
    Deadline.RESOLVE: Name(zh="处置", en="resolution"),
}

URGENT_NAMES: dict[UrgentBy, Name] = {
    UrgentBy.REPORTER: Name(zh="上报人", en="its sender"),
    UrgentBy.WORDS: Name(zh="文字", en="words"),
    UrgentBy.SUBCATEGORY: Name(zh="子类", en="the subcategory"),
    UrgentBy.CATEGORY: Name(zh="类别", en="the category"),
}
LOST_NAMES: dict[Lost, Name] = {
    Lost.KIND: Name(zh="诉求类型不同", en="it is of another kind"),
    Lost.URGENCY: Name(zh="这件更紧急", en="it is more urgent"),
    Lost.RESOLVED: Name(zh="上报时那件已处置", en="it was reported after that case was resolved"),
    Lost.DEADLINE: Name(zh="这件的期限更早", en="it is due earlier"),
    Lost.CALLED: Name(zh="这件另有协办部门", en="other departments assist with it"),
    Lost.SUBCATEGORY: Name(zh="子类不同", en="it is of another subcategory"),
    Lost.HANDS: Name(zh="责任人或清单事项不同", en="another person or list item is responsible"),
    Lost.LIST: Name(zh="清单对这件另有规定", en="the list treats it differently"),
}
"""Why a case does not follow another one."""


def names_of(names: Iterable[Name]) -> Name:
    """Several names in one list; a dash where there is none."""
    each = list(names)
    if not each:
        return Name.same("-")
    return Name(zh="、".join(name.zh for name in each), en=", ".join(name.en or name.zh for name in each))


def quoted(words: Iterable[str]) -> Name:
    """Words that somebody said, as they are quoted."""
    return names_of(Name.same(f"“{word}”") for word in words)
