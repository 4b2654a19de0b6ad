"""proof: partners' days, by our log and by their statements; compare: one day with a list of theirs."""

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from connectors.clock import now_ms
from connectors.ledger.queries.cases import Ledger
from connectors.proofs.accounts import DayProof, Proofs, WayProof
from connectors.proofs.json_views import day_json, way_json
from connectors.proofs.recorded import counted_ways
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.days import DAY
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.help_texts import Group, command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import padded
from grid36.system.create import region_of
from grid36.system.proofs import proofs_of
from schemas.days import day_of
from schemas.errors import WrongInput
from schemas.names import Language, Name
from schemas.proof import DayAccount, Entry, ProofVerdict, ProofWay, account_of, read_lines
from texts.catalogue import say as words

DAYS: Final = 7
DIGITS: Final = 8
WAYS: Final = [way.value for way in ProofWay]
SHOWN: Final = 50


class UnknownPartnerError(WrongInput):
    """There is no such partner: it never exchanged anything. Give one of those that are known."""


class WrongListError(WrongInput):
    """This list cannot be read. Give a text file in UTF-8: for each record its id, a tab, its case number."""


class _DaysUnlessNamed(Group):
    """`grid36 proof PARTNER` is `grid36 proof days PARTNER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Whatever is no command of the group is given to `days`."""
        if not args or (args[0] not in {*self.commands, *ctx.help_option_names}):
            args = ["days", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DaysUnlessNamed, help="command.proof.help")
def proof() -> None:
    """Partners' days."""


@command("days", help="command.proof.days.help")
@click.argument("partner", required=False)
@option("--day", type=DAY, help="command.proof.day")
@as_json
def days(partner: str | None, day: date | None, as_json: bool) -> None:
    """The last days of PARTNER, or of all; 1 if one of them differs."""
    settings = settings_of()
    zone, language = ZoneInfo(region_of(settings).zone), Language(settings.lang)
    proofs = _proofs()
    known = proofs.codes()
    if partner is not None and partner not in known:
        raise UnknownPartnerError(known=", ".join(known))
    today = day_of(now_ms(), zone)
    wanted = [day] if day else [today - timedelta(days=n) for n in range(DAYS)]
    first = dict(proofs.book.partners())
    found = [
        proofs.day(code, each)
        for code in ([partner] if partner else known)
        for each in wanted
        if day or first.get(code, each) <= each
    ]
    answer = {"zone": zone.key, "days": [{"partner": each.partner} | day_json(each) for each in found]}
    say(answer, as_json, lambda _: _show(found, language))
    raise click.exceptions.Exit(NO if any(each.verdict is ProofVerdict.DIFFERS for each in found) else DONE)


@command("compare", help="command.proof.compare.help")
@click.argument("partner")
@click.argument("day", type=DAY)
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "--way",
    type=click.Choice(WAYS),
    help="command.proof.way",
)
@as_json
def compare(partner: str, day: date, file: Path, way: str | None, as_json: bool) -> None:
    """PARTNER's list of DAY in FILE (- for standard input) beside ours; 1 if it differs."""
    proofs, language = _proofs(), Language(settings_of().lang)
    if partner not in (known := proofs.codes()):
        raise UnknownPartnerError(known=", ".join(known))
    ways = counted_ways(partner)
    chosen = ProofWay(way) if way else ways[0]
    if chosen not in ways:
        raise Misuse(Name.of("account.cli.not_counted", partner=partner, way=chosen, known=", ".join(ways)))
    listed, closed = _read(file), proofs.book.is_closed(day)
    if not closed:
        raise Misuse(Name.of("account.cli.open", day=day.isoformat()))
    proof = proofs.compared(partner, chosen, day, account_of(listed), listed, closed=closed)
    answer = {"partner": partner, "day": day.isoformat(), "way": chosen.value} | way_json(proof)
    say(answer, as_json, lambda _: _show_way(proof, language))
    raise click.exceptions.Exit(NO if proof.verdict is ProofVerdict.DIFFERS else DONE)


for each in (days, compare):
    proof.add_command(each)


def _proofs() -> Proofs:
    settings = settings_of()
    proofs = proofs_of(settings, region_of(settings), Ledger(settings.ledger_address))
    proofs.follow()
    return proofs


def _read(file: Path) -> list[Entry]:
    """Raises `WrongListError`."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return read_lines(raw.decode())
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongListError(file=file, fault=str(fault)) from None
    except ValueError as fault:
        raise WrongListError(file=file, line=str(fault)) from None


def _show(found: list[DayProof], language: Language) -> None:
    for each in found:
        accounts = [_account(account) for account in each.accounts]
        columns = "  ".join(padded(account, 15) for account in accounts)
        click.echo(f"{padded(each.partner, 20)} {each.day}  {columns}  {_word(each.verdict, language)}")
    if not found:
        click.echo(words(language, "account.cli.none"))


def _show_way(proof: WayProof, language: Language) -> None:
    click.echo(f"{_account(proof.ours)} | {_account(proof.theirs)}  {_word(proof.verdict, language)}")
    for kind, entries in (proof.found.kinds() if proof.found else {}).items():
        if entries:
            click.echo(words(language, f"account.kind.{kind}", n=len(entries)))
        for entry in entries[:SHOWN]:
            click.echo(f"  {entry.case}  {entry.id}")
        if len(entries) > SHOWN:
            click.echo("  " + words(language, "account.more", n=len(entries) - SHOWN))


def _account(account: DayAccount | None) -> str:
    return "–" if account is None else f"{account.count} {account.digest[:DIGITS]}"


def _word(verdict: ProofVerdict, language: Language) -> str:
    return words(language, f"account.verdict.{verdict}")
