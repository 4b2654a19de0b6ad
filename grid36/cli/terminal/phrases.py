"""What the commands say, in one language at a time."""

from typing import Final

from schemas.case import Alert
from schemas.names import Language, Name

LABELS: Final[dict[str, Name]] = {
    "report": Name(zh="上报编号", en="report"),
    "case": Name(zh="案件", en="case"),
    "state": Name(zh="状态", en="state"),
    "category": Name(zh="类别", en="category"),
    "subcategory": Name(zh="子类", en="subcategory"),
    "assignee": Name(zh="责任人", en="assignee"),
    "executor": Name(zh="作业员", en="executor"),
    "department": Name(zh="主办部门", en="department"),
    "master": Name(zh="并入案件", en="master"),
    "why": Name(zh="原因", en="why"),
    "places_differ": Name(zh="地点不一致", en="places differ"),
    "urgent_by": Name(zh="紧急，依据", en="urgent by"),
    "due": Name(zh="处置时限", en="due"),
    "counted_as": Name(zh="时限构成", en="counted as"),
    "milestones": Name(zh="节点", en="milestones"),
    "hops": Name(zh="转派次数", en="hops"),
    "took": Name(zh="处置用时", en="time to resolution"),
    "called": Name(zh="报到部门", en="called"),
    "look": Name(zh="请留意", en="look at this"),
    "maybe": Name(zh="可能相同", en="maybe same"),
    "name": Name(zh="名称", en="name"),
    "all": Name(zh="合计", en="all"),
    "person": Name(zh="人员", en="person"),
    "pid": Name(zh="进程号", en="pid"),
    "partitions": Name(zh="分区", en="partitions"),
    "restarts": Name(zh="重启", en="restarts"),
    "doing": Name(zh="状态", en="state"),
    "note": Name(zh="提示：", en="note:"),
}
SENTENCES: Final[dict[str, Name]] = {
    "safe_parked": Name(
        zh="已收到并妥善保存，但无法自动处理，须人工查看：{why}",
        en="Received and safe, but it could not be processed; a person has to look at it: {why}",
    ),
    "safe_waits": Name(
        zh="已收到并妥善保存，尚未立案。稍后查看：grid36 case {report}",
        en="Received and safe; its case is not there yet. See it later: grid36 case {report}",
    ),
    "may_be": Name(
        zh="按“{category}”办理，也可能是：{other}。如是后者：grid36 act {case} correct --category 类别 --by 上报人",
        en="Filed under {category}; it may as well be: {other}. If so: "
        "grid36 act {case} correct --category CATEGORY --by REPORTER",
    ),
    "next_case": Name(zh="下一步：grid36 case {case}", en="Next: grid36 case {case}"),
    "undecided": Name(
        zh="已接收并妥善保存，尚未判定。稍后查询：GET /api/acts/{act}",
        en="accepted: safe, and not decided yet. Ask later: GET /api/acts/{act}",
    ),
    "registered": Name(zh="已登记：{cover}", en="Registered: {cover}"),
    "done": Name(zh="已完成", en="done"),
    "refused": Name(zh="未接受", en="refused"),
    "step_done": Name(zh="{what}：已于{at}完成", en="{what} reached {at}"),
    "step_due": Name(zh="{what}：{at}前", en="{what} by {at}"),
    "photo_of": Name(zh="处置后照片此前已用于{case}（{at}）", en="its after-photo was used for {case} at {at}"),
    "photo_more": Name(zh="另有{n}件用过同一照片", en="and for {n} more cases"),
    "metres": Name(zh="相距{m}米", en="{m} m away"),
    "on_segment": Name(zh="同一路段", en="on the same segment"),
    "to_join": Name(zh="并案：{act}", en="to join them: {act}"),
    "days": Name(zh="{n}天；原系统没有具体时刻", en="{n} d; the source gives no hours"),
    "minutes": Name(
        zh="{took}（分:秒），其中等待核查{waited}分钟", en="{took} min, and {waited} min waiting for verification"
    ),
    "missed": Name(zh="，已超期", en=" missed"),
    "up": Name(zh="系统已启动：", en="Grid36 is up:"),
    "next_up": Name(
        zh="下一步：grid36 report     grid36 status     grid36 down",
        en="Next: grid36 report     grid36 status     grid36 down",
    ),
    "stopped": Name(zh="已停止。", en="Stopped."),
    "nothing_up": Name(zh="没有正在运行的系统。", en="Nothing was up."),
    "outbox": Name(zh="{n}件上报妥善保存，等待 Kafka", en="reports that wait safely for Kafka: {n}"),
    "parked_some": Name(zh="共搁置{n}条。", en="Parked: {n}."),
    "parked_none": Name(zh="没有搁置的记录。", en="Nothing is parked."),
    "rebuilt": Name(zh="已由{n}个事件重建。", en="Rebuilt from {n} events."),
    "ledger_equal": Name(zh="台账与日志一致。", en="The ledger agrees with the log."),
    "again": Name(zh="重复", en="again"),
    "finished": Name(zh="已完结", en="finished"),
    "reading": Name(zh="正在读取", en="reading"),
    "events": Name(zh="事件", en="events"),
    "example": Name(zh="示例：grid36 report {words}", en="Example: grid36 report {words}"),
    "next_approve": Name(
        zh="下一步：grid36 rules approve {case} --by 人员（不能与 --by 相同）",
        en="Next: grid36 rules approve {case} --by PERSON   (another person than --by)",
    ),
    "approved": Name(zh="已同意", en="approved"),
    "denied": Name(zh="不同意", en="denied"),
    "open": Name(zh="待定", en="open"),
    "proposed_by": Name(zh="提出人：{by}", en="by {by}"),
    "no_proposals": Name(zh="没有清单调整建议。", en="No proposals."),
    "stopping": Name(zh="正在停止 …", en="Stopping …"),
    "story": Name(zh="故事：", en="The story:"),
    "story_good": Name(zh="故事圆满。", en="The story went well."),
    "story_bad": Name(zh="故事未能圆满。", en="The story did not end well."),
    "story_lives": Name(
        zh="街道在督办页面上继续运行，Ctrl-C 结束。", en="The street lives on the supervisor's page until Ctrl-C."
    ),
    "accounted": Name(
        zh="每件上报都有去向：受理 {accepted} = {shares}",
        en="Every report is accounted for: accepted {accepted} = {shares}",
    ),
    "story_open": Name(zh="打开：", en="Open:"),
    "story_lines": Name(
        zh="可复制到另一终端（在此文件夹）的三行：", en="Three lines to copy into another terminal, in this folder:"
    ),
    "well": Name(zh="一切正常", en="All is well"),
    "lost_none": Name(
        zh="没有丢失：所有记录在删除前都已处理。", en="Nothing is lost: what was deleted had been applied."
    ),
    "lost_deleted": Name(
        zh="{where}：偏移{first}至{last}未处理就被删除（其中可能只有事务标记或已中止的事务，那不算丢失，但已无从分辨）",
        en="{where}: offsets {first} to {last} were deleted before they were applied (if they held only transaction "
        "markers or aborted transactions nothing is lost, but of what is gone nobody can tell)",
    ),
    "lost_applied": Name(
        zh="{where}：偏移{first}至{last}已处理，但日志被截断或重建，已不在其中",
        en="{where}: offsets {first} to {last} were applied, but the log was cut or made anew without them",
    ),
    "lost_accepted": Name(
        zh="已记录在案（见 grid36 parked 和 grid36 balance），可以继续：grid36 up",
        en="Accepted and written down (see grid36 parked and grid36 balance). Go on: grid36 up",
    ),
    "lost_restore": Name(
        zh="请从备份恢复该主题，或确认丢失后继续：grid36 lost --accept",
        en="Restore the topic from a backup, or go on without them: grid36 lost --accept",
    ),
    "unproved": Name(
        zh="{topic}/{partition}：偏移{first}至{last}已不在日志中，那时发生的事无从核对；该分区的案件、指标和台账未作比对",
        en="{topic}/{partition}: offsets {first} to {last} are no longer in the log, so what happened then cannot be "
        "proved; cases and measures of this partition and the ledger were not compared",
    ),
    "lost_some": Name(
        zh="有记录未处理就被删除。是哪些、如何继续：grid36 lost",
        en="Records were deleted before they were applied. Which, and how to go on: grid36 lost",
    ),
}
ALERTS: Final[dict[Alert, Name]] = {
    Alert.HOPS: Name(zh="多次转派", en="it changed hands more than once"),
    Alert.DANGER: Name(zh="提到险情，待核实", en="words of danger were added; please look"),
    Alert.SAME_PHOTO: Name(zh="处置后照片与本案之前的照片相同", en="its after-photo was handed in for it before"),
}


def label(name: str, language: Language) -> str:
    """What a row of an answer is called."""
    return LABELS[name].to(language)


def phrase(name: str, language: Language, **facts: object) -> str:
    """A sentence with its facts."""
    return SENTENCES[name].to(language).format(**facts)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text with blanks up to so many columns; Chinese characters are two columns wide."""
    blanks = " " * (columns - sum(2 if ord(character) > 0x2E7F else 1 for character in text))
    return blanks + text if right else text + blanks
