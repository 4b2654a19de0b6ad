"""stats and balance: the figures, and the proof that nothing is lost."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

import click

from connectors.ledger.queries.stats import By, Kind
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.figure_tables import PROBLEM, show_balance, show_duties, show_report_ins, show_stats
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.settings import Settings
from grid36.system.create import kept, region_of, rulebook_of
from schemas.names import Language, Name

if TYPE_CHECKING:
    from connectors.ledger.queries.response_figures import ReportIns

Cause = Literal["whistle", "list", "any"]
ALL = "all"
YEARS = range(1900, 2201)


_STATS = """数量、用时和按期率：按部门、类别、路段、网格、月份或上报层级。

\b
grid36 stats --by department
grid36 stats --by month --from 2026-01-01 --to 2027-01-01 --json
grid36 stats --report-ins --from 2026-11-01
grid36 stats --duties --from 2026-11-01

--report-ins：时段内吹哨的按时到场数 ÷ 应到场数，以及街道的评分。

先列问题；咨询、清单调整建议和现场自行处置不计入问题各行。加 --json 时只给问题，除非用 --kind；
--kind all 给出各类，每行注明 kind。

\b
--by raised  案件上报到的层级
多次转派     转派一次以上的案件
响应率       按时联系 ÷ 已受理
解决率       上报人认为已解决 ÷ 上报人有答复
满意率       占已评价的比例
抽查         现场自行处置中须抽查的；已查 = 合格 + 不合格
按天         原系统只有日期、没有时刻的历史案件；其用时另列，以整天计

处置用时＝最后一次处置完成－上报，含返工；百分位在相邻名次间线性插值。"""


@command(zh=_STATS)
@option("--by", type=click.Choice(get_args(By)), default="category", show_default=True)
@option(
    "--from",
    "begin",
    help=Name(
        zh="此时起上报的案件，如 2026-11-01（地区时区）。",
        en="Cases submitted from this time on, e.g. 2026-11-01 (the region's zone).",
    ),
)
@option("--to", "end", help=Name(zh="……至此时之前。", en="... and before this time."))
@option(
    "--kind", type=click.Choice([*get_args(Kind), ALL]),
    help=Name(
        zh="只统计此类。默认各类分行列出；加 --json 时只列问题。",
        en="Of this kind only. Default: each kind in lines of its own; with --json problems.",
    ),
)  # fmt: skip
@option(
    "--report-ins",
    is_flag=True,
    help=Name(zh="改为统计：被吹哨部门的报到情况。", en="Instead: how the departments that were called reported in."),
)
@option(
    "--called-by", type=click.Choice(["whistle", "list", "any"]), default="whistle", show_default=True,
    help=Name(zh="与 --report-ins 合用。", en="With --report-ins."),
)  # fmt: skip
@option(
    "--duties",
    is_flag=True,
    help=Name(zh="改为统计：值守完成情况，按人员和网格。", en="Instead: which duties were done, by person and grid."),
)
@as_json
def stats(
    by: By,
    begin: str | None,
    end: str | None,
    kind: str | None,
    report_ins: bool,
    called_by: Cause,
    duties: bool,
    as_json: bool,
) -> None:
    """How many, how fast, how much on time: by department, category, segment, grid, month or rung raised to.

    \b
    grid36 stats --by department
    grid36 stats --by month --from 2026-01-01 --to 2027-01-01 --json
    grid36 stats --report-ins --from 2026-11-01
    grid36 stats --duties --from 2026-11-01

    --report-ins: attended in time ÷ due to attend, of calls made in the period, and the street's ratings.

    Problems come first; questions, proposals and what was fixed on the spot have lines of their own. With --json, rows
    are problems unless --kind says otherwise; --kind all gives every kind, each row with its `kind`.

    \b
    --by raised  the level that cases were raised to
    hops>1       cases that changed hands more than once
    response     reporters reached in time ÷ cases accepted
    solved       of the cases whose reporter said whether they were
    satisfied    of the cases that were rated
    sampled      of what was fixed on the spot, those for an inspector; inspected = passed + failed
    by_day       past cases whose source gives days without an hour; their times are apart, in whole days

    Time to resolution = last resolved − submitted, rework included; percentiles interpolate linearly between ranks.
    """
    from connectors.ledger.queries.cases import Ledger

    settings = settings_of()
    language = Language(settings.lang)
    zone_name = region_of(settings).zone
    from_ms, to_ms = (_ms(when, ZoneInfo(zone_name)) for when in (begin, end))
    if report_ins:
        say(
            _called(settings, from_ms, to_ms, zone_name, called_by),
            as_json,
            lambda told: show_report_ins(told, language),
        )
        return
    if duties:
        from connectors.ledger.queries.duty_figures import duties as kept

        say(
            dict(kept(Ledger(settings.ledger_file), from_ms, to_ms, zone_name)),
            as_json,
            lambda told: show_duties(told, language),
        )
        return
    names = _names(by, settings)
    ledger = Ledger(settings.ledger_file)
    chosen = kind or (PROBLEM if as_json else ALL)
    only = None if chosen == ALL else chosen
    answer = ledger.stats(by, from_ms, to_ms, zone_name, kind=only, names=names, language=language)
    say(answer, as_json, lambda told: show_stats(told, language))


def _called(settings: Settings, from_ms: int | None, to_ms: int | None, zone: str, cause: Cause) -> "ReportIns":
    from connectors.ledger.queries.cases import Ledger
    from connectors.ledger.queries.response_figures import report_ins

    ledger, names = Ledger(settings.ledger_file), _names("department", settings)
    return report_ins(ledger, from_ms, to_ms, zone, cause=cause, names=names, language=Language(settings.lang))


def _names(by: By, settings: Settings) -> dict[str, Name]:
    region, rulebook, known = region_of(settings), rulebook_of(settings), kept(settings)
    named: dict[str, dict[str, Name]] = {
        "category": {c.id: c.name for c in rulebook.categories},
        "department": {o.code: o.name for o in region.organisations},
        "segment": {s.id: s.road for s in region.segments},
        "grid": {g.id: g.name for g in region.grids},
    }
    past = known.past_names if known is not None else {}
    return past.get(by, {}) | named.get(by, {})


def _ms(when: str | None, zone: ZoneInfo) -> int | None:
    if when is None:
        return None
    try:
        told = datetime.fromisoformat(when)
    except ValueError:
        raise Misuse(
            Name(
                zh=f"{when!r} 不是时间。请写成 2026-11-01 或 2026-11-01T08:00+08:00。",
                en=f"{when!r} is not a time. Write it like 2026-11-01 or 2026-11-01T08:00+08:00.",
            )
        ) from None
    if told.year not in YEARS:
        raise Misuse(
            Name(
                zh=f"{when!r} 不在 {YEARS[0]} 年至 {YEARS[-1]} 年之间。",
                en=f"{when!r} is not between the years {YEARS[0]} and {YEARS[-1]}.",
            )
        )
    return int((told if told.tzinfo else told.replace(tzinfo=zone)).timestamp() * 1000)


_BALANCE = """受理 = 已派遣 + 不予受理 + 已并案 + 待定 + 搁置 + 丢失：每件上报都有去向，逐件可数。

丢失的是随未处理就被删除的记录而去的上报，由 grid36 lost --accept 记下。

\b
grid36 balance
grid36 balance --deep --json

不平时退出码为 1，仍有处理中的也算。"""


@command(zh=_BALANCE)
@option(
    "--deep",
    is_flag=True,
    help=Name(
        zh="从整个日志重新推算，并与各处存储逐一核对。", en="Replay the whole log and compare every store with it."
    ),
)
@as_json
@asynchronous
async def balance(deep: bool, as_json: bool) -> None:
    """Accepted = routed + refused + merged + waiting + parked + lost: every report accounted for, by number.

    Lost are reports that went with records deleted before they were applied, once `grid36 lost --accept` said so.

    \b
    grid36 balance
    grid36 balance --deep --json

    Exit code 1 when it is not so, also while something is still in flight.
    """
    from grid36.system.balance import balance as count
    from grid36.system.balance import deep as prove

    settings = settings_of()
    servers, language = servers_of(settings), Language(settings.lang)
    answer = await count(settings, servers)
    if deep:
        answer |= await prove(settings, servers, Language.EN if as_json else language)
    say(answer, as_json, lambda told: show_balance(told, language))
    proved = not answer.get("differences") and not answer.get("unproved")
    raise click.exceptions.Exit(DONE if answer["balanced"] and proved else NO)
