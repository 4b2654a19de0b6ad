"""act, cover, case: what people do, from a terminal."""

from typing import Any

import click

from connectors.intake.numbers import looks_like_case_number
from grid36.cli.names import names_of
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.report import photo_option
from grid36.cli.terminal.case_text import show_case
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.key_value_option import PAIR, together
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.client import GatewayClient, quoted
from schemas.command import NOBODY_SAYS, Act, Outcome, Rating, ReturnReason
from schemas.joint import Scores
from schemas.names import Language, Name
from schemas.place import Datum


class UnknownCase(No):
    """There is no case with this number yet. The supervisor's page lists them: grid36 status"""


LONGEST_NUMBER = 300


_ACT = """办理案件，例如

\b
grid36 act 350203006-G001-2611-00001 acknowledge --by owner-1
grid36 act 350203006-G001-2611-00001 resolve --by owner-1 --photo after.jpg
grid36 act 350203006-G001-2611-00001 verify --by patroller-1

CASE 为案件编号，或其上报的编号。
ACTION 可为：acknowledge, contact, milestone, resolve, return, hand-on, request-pause, request-extension, approve,
deny, resume, verify, reject, reopen, rate, withdraw, correct, ask, answer, urge, raise, assign, merge, split, erase；
accept（接单）；admit, turn-away（准入）；whistle, sign, attend, rate-report-in（吹哨报
到）；approve-change, deny-change（清单调整）。
案件不接受时退出码为 1；答复说明原因和可行的操作。"""


@command(zh=_ACT)
@click.argument("case")
@click.argument("action", type=click.Choice([a.value for a in Act]), metavar="ACTION")
@option(
    "--by",
    required=True,
    help=Name(
        zh="办理人：地区内人员，或上报人的化名。",
        en="Who does it: a person of the region, or the reporter's pseudonym.",
    ),
)
@option("--note", help=Name(zh="说明文字。", en="A note."))
@photo_option
@option(
    "--cite",
    help=Name(
        zh="部门退回案件所依据的清单事项，或吹哨事项。",
        en="The list item a department cites when it returns a case, or the whistle item.",
    ),
)
@option(
    "--reason", type=click.Choice([r.value for r in ReturnReason]), help=Name(zh="退回原因。", en="Why it is returned.")
)
@option(
    "--to",
    help=Name(
        zh="作业员（hand-on）、人员（assign）、案件（merge）、节点（milestone）、部门（whistle）。",
        en="Executor (hand-on), person (assign), case (merge), milestone, departments (whistle).",
    ),
)
@option(
    "--score",
    "scores",
    multiple=True,
    type=PAIR,
    help=Name(
        zh="rate-report-in 评分：如 cooperation=4，1 至 5 分，3 分为符合预期。",
        en="rate-report-in: cooperation=4, 1 to 5, 3 expected.",
    ),
)
@option("--category", help=Name(zh="正确的类别（correct）。", en="The right category (correct)."))
@option("--address", help=Name(zh="正确的地点（correct）。", en="The right place (correct)."))
@option("--lat", type=float)
@option("--lon", type=float)
@option("--datum", type=click.Choice([d.value for d in Datum]))
@option("--code", help=Name(zh="正确地点的编码（correct）。", en="The right place, as a code (correct)."))
@option("--outcome", type=click.Choice([o.value for o in Outcome if o not in NOBODY_SAYS]))
@option(
    "--rating",
    type=click.Choice([r.value for r in Rating]),
    help=Name(zh="上报人的满意程度（rate、verify）。", en="How satisfied the reporter is (rate, verify)."),
)
@option(
    "--hours",
    type=click.IntRange(1, 24 * 365),
    help=Name(zh="多少小时（request-pause、request-extension）。", en="How long (request-pause, request-extension)."),
)
@option(
    "--until",
    help=Name(
        zh="代替 --hours：到何时，如 2026-11-23T08:00+08:00。",
        en="Instead of --hours: until when, e.g. 2026-11-23T08:00+08:00.",
    ),
)
@option(
    "--id", "given", help=Name(zh="自定编号：重复发送不会重复登记。", en="Your own id: sending it again does no harm.")
)
@as_json
@asynchronous
async def act(case: str, action: str, as_json: bool, given: str | None, **fields: Any) -> None:
    """Do something to a case, e.g.

    \b
    grid36 act 350203006-G001-2611-00001 acknowledge --by owner-1
    grid36 act 350203006-G001-2611-00001 resolve --by owner-1 --photo after.jpg
    grid36 act 350203006-G001-2611-00001 verify --by patroller-1

    CASE is a case number, or the id of the report that opened it.
    Actions: acknowledge, contact, milestone, resolve, return, hand-on, request-pause, request-extension, approve, deny,
    resume, verify, reject, reopen, rate, withdraw, correct, ask, answer, urge, raise, assign, merge, split, erase;
    accept an offer; admit, turn-away at the gate; whistle, sign, attend, rate-report-in; approve-change, deny-change.
    Exit code 1 when the case refuses it; the answer says why and what is possible.
    """
    photos = fields.pop("photos")
    fields |= together(fields.pop("scores"), "--score", Scores.model_fields)
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        case = await _number(gateway, case)
        path = f"/api/cases/{quoted(case)}/acts"
        sent = await gateway.post(path, {**fields, "act": action, "id": given, "door": "cli"}, photos)
        answer = await _decided(gateway, f"{path}/{quoted(str(sent['act']))}", {"act": sent["act"]})
    _end(answer, as_json, Language(settings.lang), {})


async def _decided(gateway: GatewayClient, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What became of it, with the reasons in `why`; state `accepted` when that takes longer than anybody waits."""
    answer = await gateway.until(path, lambda a: a["state"] != "accepted") or {**sent, "state": "accepted"}
    why = [event["why"] for event in answer.pop("timeline", ()) if "why" in event]
    return {**answer, "why": " ".join(dict.fromkeys(why))}


def _end(answer: dict[str, Any], as_json: bool, language: Language, named: dict[str, str]) -> None:
    """Say it, and leave with 1 when it was refused."""
    state = answer["state"]
    if state == "accepted":
        told = phrase("undecided", language, act=answer["act"])
    else:
        said = phrase(state, language)
        told = named.get(state) or (f"{said}: {answer['why']}" if answer["why"] else said)
    say(answer, as_json, lambda _: click.echo(told))
    raise click.exceptions.Exit(1 if state == "refused" else 0)


async def _number(gateway: GatewayClient, case: str) -> str:
    """A case number as it is; for the id of a report, the number of its case. Raises `UnknownCase`."""
    if not case.strip() or len(case) > LONGEST_NUMBER:
        raise UnknownCase(case=case[:LONGEST_NUMBER])
    if looks_like_case_number(case):
        if await gateway.get(f"/api/cases/{quoted(case)}") is None:
            raise UnknownCase(case=case)
        return case
    path = f"/api/reports/{quoted(case)}"
    report = await gateway.get(path)
    if report is not None and not report["case"]:  # accepted a moment ago
        report = await gateway.until(path, lambda answer: bool(answer["case"]), 5)
    if report is None or not report["case"]:
        raise UnknownCase(case=case)
    return str(report["case"])


_COVER = """登记 PERSON 不在岗及代班人。立即在所有网格生效。

\b
grid36 cover owner-1 --cover owner-2 --by steward-01 --from 2026-11-23T08:00 --until 2026-11-24T08:00

不被接受时退出码为 1；答复说明原因。"""


@command(zh=_COVER)
@click.argument("person")
@option(
    "--cover",
    help=Name(
        zh="代班人；不给则由兜底责任人承担。", en="Who covers; without it the person's work goes to the fallback owner."
    ),
)
@option("--by", required=True, help=Name(zh="登记人。", en="Who registers it."))
@option(
    "--from",
    "begin",
    required=True,
    help=Name(zh="开始时间，如 2026-11-23T08:00+08:00。", en="When it begins, e.g. 2026-11-23T08:00+08:00."),
)
@option("--until", required=True, help=Name(zh="结束时间。", en="When it ends."))
@as_json
@asynchronous
async def cover(person: str, cover: str | None, by: str, begin: str, until: str, as_json: bool) -> None:
    """Say that PERSON is away and who covers. It counts at once, in every grid.

    \b
    grid36 cover owner-1 --cover owner-2 --by steward-01 --from 2026-11-23T08:00 --until 2026-11-24T08:00

    Exit code 1 when it is refused; the answer says why.
    """
    fields: dict[str, object] = {
        "person": person,
        "cover": cover,
        "by": by,
        "from": begin,
        "until": until,
        "door": "cli",
    }
    settings = settings_of()
    language = Language(settings.lang)
    async with GatewayClient(settings) as gateway:
        sent = await gateway.post("/api/covers", fields)
        answer = await _decided(gateway, f"/api/acts/{quoted(str(sent['cover']))}", {"act": sent["cover"]})
    _end(answer, as_json, language, {"done": phrase("registered", language, cover=sent["cover"])})


_CASE = """案件的全过程：何时、何人、何事、为何，以及各项时限。

\b
grid36 case 350203006-G001-2611-00001
grid36 case r-2433e8df88384b48 --json

NUMBER 为案件编号或上报编号。"""


@command(zh=_CASE)
@click.argument("number")
@as_json
@asynchronous
async def case(number: str, as_json: bool) -> None:
    """The timeline of a case: what happened, when, by whom and why, and its clocks.

    \b
    grid36 case 350203006-G001-2611-00001
    grid36 case r-2433e8df88384b48 --json

    NUMBER is a case number or a report id.
    """
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get(f"/api/cases/{quoted(await _number(gateway, number))}")
    if answer is None:
        raise UnknownCase(case=number)
    say(answer, as_json, lambda a: show_case(a, names_of(settings)))
