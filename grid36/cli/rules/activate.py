"""rules activate, rules versions."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.options import as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.rules.check import region_beside
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.commands import load_region
from grid36.files.rulebook import read_rulebook
from grid36.review.check import as_lines, as_rows, check_rulebook, has_errors
from grid36.review.source_positions import Where
from grid36.settings import Settings
from grid36.system.create import known_in, now_ms, whole_in
from grid36.system.in_flight import touched
from grid36.system.versions import ActivationRequest, Version, before, switch, versions_in
from rules.check.in_flight import UNANSWERED
from schemas.directory import Directory
from schemas.names import Language, Name
from schemas.people import Power
from schemas.region import Region
from schemas.system import Switched
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, read_rulebooks, text_in

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"])
OPERATOR = "operator"


class MayNotActivate(No):
    """Only a list steward or the street office may do this. Name one with --by, or leave it out as the operator."""


class NothingBefore(No):
    """There was no other version before the one in force. See them: grid36 rules versions"""


_ACTIVATE = """让 DRAFT 中的规则自某时起生效，各分区同时切换。

先检查并在规则引擎上试运行，列出警告；有错误则不切换，退出码为 1。在办案件沿用立案时的规则；
其类别、人员或部门将不存在的会计数，类别的 replaces 列说明由什么代替。加 --region，或 DRAFT 中含地区文件时，
地区文件同时生效。重复执行没有变化。

\b
grid36 rules activate my-list --by list-steward
grid36 rules activate my-list --from 2026-12-01 --note "十二月清单"
grid36 rules activate --back"""


@command(zh=_ACTIVATE)
@click.argument("draft", required=False, type=click.Path(path_type=Path, exists=True))
@option(
    "--back",
    is_flag=True,
    help=Name(zh="代替 DRAFT：恢复生效版本之前的版本。", en="Instead of a DRAFT: the version before the one in force."),
)
@option(
    "--from",
    "begin",
    type=MOMENT,
    help=Name(
        zh="何时起生效，按地区时区；默认：尽快。",
        en="When it takes effect, in the region's zone; default: as soon as possible.",
    ),
)
@option(
    "--leave",
    is_flag=True,
    help=Name(
        zh="类别、人员或部门将不存在的在办案件保持不变。",
        en="Open cases whose category, person or department is gone stay as they are.",
    ),
)
@option(
    "--in-flight",
    is_flag=True,
    help=Name(
        zh="在办案件也改用新规则，而不沿用立案时的规则。",
        en="Open cases go by it too, instead of the rulebook they were opened by.",
    ),
)
@option(
    "--by",
    default=OPERATOR,
    show_default=True,
    help=Name(zh="启用人：清单管理员或街道办。", en="Who activates it: a list steward or the street office."),
)
@option(
    "--id", "given", help=Name(zh="自定编号：重复执行不会重复生效。", en="Your own id: giving it again does no harm.")
)
@option(
    "--note",
    default="",
    help=Name(zh="原因；grid36 rules versions 中会显示。", en="Why; shown by `grid36 rules versions`."),
)
@region_option
@as_json
@asynchronous
async def activate(
    draft: Path | None, back: bool, begin: datetime | None, region: Path | None, as_json: bool, **given: Any
) -> None:
    """Let the rulebook in DRAFT decide from a moment on, in all partitions at once.

    It is checked and tried on the rule engine first, and its warnings are listed; with errors nothing is switched, and
    the exit code is 1. Cases in flight keep the rulebook that they were opened by. Where a category, person or
    department of theirs would be gone, `replaces` must say what it became, or --leave that they stay as they are; else
    nothing is switched, and the exit code is 1. With --region, or where DRAFT holds one, the region's files take effect
    too. Doing it again changes nothing.

    \b
    grid36 rules activate my-list --by list-steward
    grid36 rules activate my-list --from 2026-12-01 --note "December list"
    grid36 rules activate --back
    """
    if (draft is None) != back:
        raise Misuse(Name(zh="请给出 DRAFT，或用 --back。", en="Name a DRAFT, or --back."))
    settings = settings_of()
    servers, language = servers_of(settings), Language(settings.lang)
    records = await read_rulebooks(servers, prefix=settings.topic_prefix)
    wish, problems = await _wish(settings, draft, region, records, begin, given)
    rows = [p.as_row() if hasattr(p, "as_row") else as_rows([p])[0] for p in problems]
    if problems and not as_json:
        click.echo("\n".join(as_lines(problems, language, notes=False)))
    if wish is None:
        asked = sum(problem.code in UNANSWERED for problem in problems) if not has_errors(problems) else 0
        say({"activated": False, "problems": rows, "unanswered": asked}, as_json, lambda _: _ask(asked, language))
        raise click.exceptions.Exit(1)
    made, already = await switch(settings, servers, wish, records)
    answer = {"activated": True, "already": already, "name": wish.rulebook.name, **switch_row(made, wish.region.zone)}
    say(answer | {"problems": rows}, as_json, lambda _: click.echo(_said(answer, language)))


async def _wish(
    settings: Settings,
    draft: Path | None,
    path: Path | None,
    records: Records,
    begin: datetime | None,
    given: dict[str, Any],
) -> tuple[ActivationRequest | None, Sequence[Any]]:
    """What is to be in force (None: it must not be), and what is wrong with it."""
    known = whole_in(records, now_ms())
    if known is None:
        raise NotCreatedError
    problems: Sequence[Any]
    if draft is None:
        earlier = before(records, now_ms())
        if earlier is None:
            raise NothingBefore
        there, rulebook = earlier
        problems = touched(settings, there, rulebook, known)
    else:
        reading = read_rulebook(draft)
        if reading.rulebook is None:
            return None, reading.problems
        named = path or (draft if (draft / "region.yaml").exists() else None)
        there = known.region if named is None else load_region(region_beside(draft, named))
        rulebook = reading.rulebook
        found = await check_rulebook(there, rulebook, (begin or datetime.now(ZoneInfo(there.zone))).date())
        found = (*found, *touched(settings, there, rulebook, known))
        problems = [*reading.problems, *Where(reading).in_files(found)]
        if has_errors(problems):
            return None, problems
    if not given["leave"] and any(problem.code in UNANSWERED for problem in problems):
        return None, problems
    check_person(given["by"], known.region)
    from_ms = None if begin is None else int(begin.replace(tzinfo=ZoneInfo(there.zone)).timestamp() * 1000)
    wish = ActivationRequest(there, rulebook, given["by"], from_ms, given["in_flight"], given["given"], given["note"])
    return wish, problems


def _ask(asked: int, language: Language) -> None:
    """Say why nothing was switched when nothing is wrong but open cases would lose what they go by."""
    if asked:
        text = Name(
            zh=f"未启用：有 {asked} 项还没有说明由什么接替。填写 replaces 后再启用，或加 --leave 让这些案件维持原样。",
            en=f"Not activated: {asked} of these are still to be answered. Fill in `replaces`, or add --leave to leave"
            " those cases as they are.",
        )
        click.echo(text.to(language), err=True)


def check_person(by: str, region: Region) -> None:
    """Raises `MayNotActivate`."""
    if by != OPERATOR and by not in Directory(region).holders(Power.LIST_APPROVAL):
        raise MayNotActivate(by=by)


def switch_row(made: Switched, zone: str) -> dict[str, Any]:
    """A switch for `--json`."""
    return {
        "version": made.rulebook,
        "region": made.region,
        "from": _time(made.effective_ms, zone),
        "from_ms": made.effective_ms,
        "by": made.by,
        "at": _time(made.at_ms, zone),
        "in_flight": made.in_flight,
        "note": made.note,
        "id": made.id,
    }


def _time(t_ms: int, zone: str) -> str | None:
    return datetime.fromtimestamp(t_ms / 1000, ZoneInfo(zone)).isoformat(timespec="seconds") if t_ms else None


def _said(answer: dict[str, Any], language: Language) -> str:
    name, version = answer["name"], answer["version"][:8]
    if answer["already"]:
        return Name(
            zh=f"已有此安排，无变化：{name}（{version}），{answer['from'] or '自系统建立时'}起。",
            en=f"That is so already, nothing changed: {name} ({version}) from {answer['from'] or 'the beginning'} on.",
        ).to(language)
    flight = Name(zh="在办案件同时改用", en="open cases go by it too") if answer["in_flight"] else Name(
        zh="在办案件仍按原规则", en="open cases keep the rulebook they were opened by"
    )  # fmt: skip
    return Name(
        zh=f"{name}（{version}）自 {answer['from']} 起生效；{flight.zh}。",
        en=f"{name} ({version}) decides from {answer['from']} on; {flight.en}.",
    ).to(language)


_STATES = {
    "past": Name(zh="已过", en="past"),
    "in_force": Name(zh="生效中", en="in force"),
    "planned": Name(zh="待生效", en="planned"),
    "replaced": Name(zh="未生效（被替换）", en="replaced"),
}
_BEGUN = Name(zh="系统建立时", en="created with it")


_VERSIONS = """规则的各个版本：何时起、何时止、何人、为何；哪一版生效中，哪一版待生效。

\b
grid36 rules versions
grid36 rules versions --json"""


@command(zh=_VERSIONS)
@as_json
@asynchronous
async def versions(as_json: bool) -> None:
    """Every version of the rulebook: since when, until when, by whom and why; which is in force, which is planned.

    \b
    grid36 rules versions
    grid36 rules versions --json
    """
    settings, t_ms = settings_of(), now_ms()
    records = await read_rulebooks(servers_of(settings), prefix=settings.topic_prefix)
    known = known_in(records, t_ms)
    if known is None:
        raise NotCreatedError
    zone, language = known.region.zone, Language(settings.lang)
    rows = [_version(version, records, zone) for version in versions_in(records, t_ms)]
    say({"versions": rows}, as_json, lambda _: click.echo("\n".join(_line(row, language) for row in rows)))


def _version(version: Version, records: Records, zone: str) -> dict[str, Any]:
    content = json.loads(text_in(records, version.rulebook) or "{}")
    begun = Switched(id="", rulebook=version.rulebook, region=version.region, by="", at_ms=0, effective_ms=0)
    named = {name: content.get(name, "") for name in ("name", "author")}
    row = {"state": version.state.value, **named, **switch_row(version.switch or begun, zone)}
    return row | {"note": row["note"] or content.get("note", "")}


def _line(row: dict[str, Any], language: Language) -> str:
    since = row["from"] or _BEGUN.to(language)
    said = [row["version"][:8], since, _STATES[row["state"]].to(language), row["name"], row["by"], row["note"]]
    return "  ".join(part for part in said if part)
