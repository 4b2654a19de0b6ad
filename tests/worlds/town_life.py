"""A morning in the small town: cases in every state, for pictures and for tests of pages."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.intake.duties import report_of
from schemas.command import Act
from schemas.duty import Duty
from schemas.place import PlaceGiven
from schemas.report import Photo, Report, Reporter, ReportKind
from schemas.rulebook import Rulebook
from tests.worlds.drawn_photos import street_photo
from tests.worlds.small_town import Town

WALKER = "patroller-01"
OWNER = "supervisor-01"
BOSS = "duty-desk"
OVERFLOWS = 12
SCHOOL_RUN = Duty.model_validate(
    {"id": "school-run", "name": {"zh": "护学岗", "en": "School run"}, "place": "LANE-01", "window": "07:20-08:10",
     "person": WALKER}
)  # fmt: skip


class Life:
    """Things happen in a town, one after the other; `numbers` finds a case by the name it was given here."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.numbers: dict[str, str] = {}
        self.before = town.gateway.photos.add_bytes(street_photo(clean=False))
        self.after = self.proof(7)

    def report(self, name: str, text: str, address: str, *, by: str = WALKER, **fields: Any) -> str:
        """Somebody reports; a few minutes pass."""
        self.town.clock.wait(3)
        person = next(p for p in self.town.gateway.region.persons if p.id == by)
        report = Report(
            id=f"r-{name}", text=text, place=PlaceGiven(address=address or None),
            reporter=Reporter(id=by, kind=person.roles[0], language=person.language), door="web",
            received_ms=self.town.clock(), **fields,
        )  # fmt: skip
        self.numbers[name] = self.town.report(report)
        return self.numbers[name]

    def act(self, name: str, act: Act, by: str | None = None, *, minutes: float = 2, **fields: Any) -> None:
        """Somebody acts, the assignee unless told."""
        self.town.clock.wait(minutes)
        number = self.numbers[name]
        who = by or self.town.street.cases[number].assignee
        assert who is not None
        self.town.street.act(number, act, who, at=max(self.town.clock(), self.town.street.t_ms), **fields)
        self.town.tell()

    def proof(self, seed: int) -> Photo:
        """An after-photo of its own: the same one twice would be marked."""
        return self.town.gateway.photos.add_bytes(street_photo(clean=True, seed=seed))

    @property
    def shots(self) -> tuple[Photo, ...]:
        """The photo of before."""
        return (self.before,)


def live_through(town: Town) -> Life:
    """One case in every state that a page shows differently."""
    life = Life(town)
    life.report("leaves", "人行道上落叶很多，没有打扫", "晨光街20号", by="resident-en")
    life.act("leaves", Act.RESOLVE, photos=(life.proof(1),), note="已清扫")
    life.report("late", "消防通道被杂物堵住", "云帆路5号", by="rider-01")
    life.report("lamp", "路灯不亮，晚上太黑", "晨光街8号")
    life.act("lamp", Act.ACKNOWLEDGE)
    life.act("lamp", Act.REQUEST_PAUSE, hours=48, note="等待配件，后天到货")
    life.report("closed", "垃圾桶满溢", "湖滨南路22号", photos=life.shots)
    life.act("closed", Act.RESOLVE, minutes=25, photos=(life.proof(2),))
    life.act("closed", Act.VERIFY, WALKER)
    life.report("rework", "小广告没有清理干净", "湖滨南路6号")
    life.act("rework", Act.RESOLVE, photos=(life.proof(3),), note="已清理")
    life.act("rework", Act.REJECT, WALKER, note="墙角还有两张")
    life.report("refused", "反映拖欠工资", "云帆路20号", by="resident-01")
    life.report("which", "路灯坏了", "", by=WALKER)
    life.report("asked", "有人乱停共享单车", "湖滨南路16号")
    life.act("asked", Act.ASK, note="具体在哪个门口？")
    town.clock.wait(75)
    life.report("hole", "路面有个坑洞，很危险", "潮声路41号", by="driver-01", photos=life.shots)
    life.report("greasy", "湖滨南路12-8号门前路面油污，很滑", "湖滨南路12-8号", photos=life.shots)
    life.report("again", "路面很油", "湖滨南路3号", by="rider-02")
    life.act("greasy", Act.RESOLVE, minutes=36, photos=(life.after,), note="已用除油剂冲洗")
    life.report("done", "占道摆摊，已劝离", "湖滨南路9号", photos=life.shots, after_photos=(life.proof(4),), fixed=True)
    life.report("question", "请问居住证在哪里办理？", "湖滨南路2号", by="resident-02", kind=ReportKind.QUESTION)
    town.clock.wait(4)
    life.report("fresh", "路面脏，有泥沙", "湖滨南路18号", photos=life.shots)
    town.step()
    return life


def litter(town: Town) -> Life:
    """A usual morning, and one house whose bins overflow again and again."""
    life = live_through(town)
    for n in range(OVERFLOWS):
        town.clock.wait(60 * 12)
        life.report(f"bins-{n}", "垃圾桶满溢", "湖滨南路22号")
        life.act(f"bins-{n}", Act.RESOLVE, photos=(life.proof(20 + n),))
        life.act(f"bins-{n}", Act.VERIFY, "patroller-01")
    return life


def work_together(life: Life) -> None:
    """What needs several people: a whistle, a joint item, an offer, a pushed task, a proposed change of the list."""
    life.report("water", "整栋楼停水，地下室返水", "晨光街14号", by="resident-01")
    life.act("water", Act.WHISTLE, BOSS, cite="H20", note="三家到场会商")
    life.act("water", Act.ATTEND, "officer-water-supply", minutes=12)
    life.act("water", Act.SIGN, "officer-drainage", minutes=5)
    life.report("stairway", "楼道堆物，电动车飞线充电", "晨光街4号", by="resident-02")
    life.report("errand", "请帮忙代买降压药，腿脚不便", "湖滨南路2号", by="resident-02")
    life.report("pushed", "请街道核发林地采伐许可", "云帆路9号", by="officer-parks", pushed_by="parks", item="P03")
    change = {"id": "P03", "name": {"zh": "林地树木采伐许可", "en": "Permits for felling on forest land"}}
    change |= {"verdict": "assist", "lead": "parks", "assists": ["sanitation"], "basis": "Sample list, part P, 3"}
    life.report("change", "每月都有人来问，园林在街道有窗口", "晨光街2号", by="head-01", change=change)


def with_duties(rulebook: Rulebook) -> Rulebook:
    """The rulebook with a school run on working days."""
    return rulebook.model_copy(update={"duties": (SCHOOL_RUN,)})


def serve(life: Life, days: int = 15) -> None:
    """The school run of so many days; each fourth time it is not done. It needs `with_duties`."""
    town = life.town
    zone = ZoneInfo(town.gateway.region.zone)
    for n in range(days):
        now = datetime.fromtimestamp(town.clock() / 1000, zone)
        begins = now.replace(hour=7, minute=20, second=0, microsecond=0) + timedelta(days=1)
        town.clock.now_ms = round(begins.timestamp() * 1000)
        for due in SCHOOL_RUN.begun(town.clock() - 1, town.clock(), zone, None):
            number = life.numbers[f"run-{n}"] = town.report(report_of(SCHOOL_RUN, due, "other"))
            if n % 4 != 3:
                life.act(f"run-{n}", Act.RESOLVE, WALKER, minutes=20)
                assert town.street.cases[number].outcome is not None
        town.clock.wait(60 * 4)
        town.step()
