"""rules activate."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from connectors.clock import now_ms
from grid36.cli.options import as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.rules.check import region_beside
from grid36.cli.rules.versions import switch_row
from grid36.cli.terminal.days import MOMENT
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.load import load_region
from grid36.files.rulebook import read_rulebook
from grid36.review.check import as_lines, as_rows, check_rulebook, has_errors
from grid36.review.source_positions import Where
from grid36.settings import Settings
from grid36.system.create import whole_in
from grid36.system.in_flight import touched
from grid36.system.versions import ActivationRequest, before, switch
from rules.check.in_flight import UNANSWERED
from schemas.directory import Directory
from schemas.names import Language, Name
from schemas.people import Power
from schemas.region import Region
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, read_rulebooks

OPERATOR = "operator"


class MayNotActivate(No):
    """Only a list steward or the street office may do this. Name one with --by, or leave it out as the operator."""


class NothingBefore(No):
    """There was no other version before the one in force. See them: grid36 rules versions"""


@command(help="command.rules.activate.help")
@click.argument("draft", required=False, type=click.Path(path_type=Path, exists=True))
@option("--back", is_flag=True, help="command.rules.activate.back")
@option("--from", "begin", type=MOMENT, help="command.rules.activate.from")
@option("--leave", is_flag=True, help="command.rules.activate.leave")
@option("--in-flight", is_flag=True, help="command.rules.activate.in_flight")
@option("--by", default=OPERATOR, show_default=True, help="command.rules.activate.by")
@option("--id", "given", help="command.rules.activate.id")
@option("--note", default="", help="command.rules.activate.note")
@region_option
@as_json
@asynchronous
async def activate(
    draft: Path | None, back: bool, begin: datetime | None, region: Path | None, as_json: bool, **given: Any
) -> None:
    """Let the rulebook in DRAFT decide from a moment on, in all partitions at once."""
    if (draft is None) != back:
        raise Misuse(Name.of("command.rules.activate.draft_or_back"))
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
    """The request (None: it must not be activated), and its problems."""
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
    """Explain that nothing was switched because open cases would lose names that they use."""
    if asked:
        text = Name.of("command.rules.activate.unanswered", n=asked)
        click.echo(text.to(language), err=True)


def check_person(by: str, region: Region) -> None:
    """Raises `MayNotActivate`."""
    if by != OPERATOR and by not in Directory(region).holders(Power.LIST_APPROVAL):
        raise MayNotActivate(by=by)


def _said(answer: dict[str, Any], language: Language) -> str:
    name, version = answer["name"], answer["version"][:8]
    if answer["already"]:
        begin = answer["from"] or Name.of("command.rules.activate.beginning")
        return Name.of("command.rules.activate.already", name=name, version=version, begin=begin).to(language)
    flight = Name.of(
        "command.rules.activate.in_flight_too" if answer["in_flight"] else "command.rules.activate.in_flight_keep"
    )
    return Name.of(
        "command.rules.activate.in_force", name=name, version=version, begin=answer["from"], open_cases=flight
    ).to(language)
