"""person link, add, remove-account: how people sign in to the pages."""

import sys

import click

from connectors.accounts.local_rows import MOST_LOGIN, as_login, is_login
from connectors.accounts.one_time_code import address_of, new_secret
from connectors.accounts.passwords import LEAST, hashed, weakness
from connectors.accounts.rows import AccountRows
from connectors.accounts.session import ADMINISTRATOR
from connectors.accounts.store import with_accounts
from connectors.clock import now_ms
from connectors.contacts import qr_code
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.person.contacts import UnknownPersonError
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.people_text import show_account
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.sign_in_links import sign_in_link
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.errors import ServiceAway, WrongInput
from schemas.names import Language, Name

LONGEST_LINE = 1_000
"""Of a password on standard input; what is longer is no password."""


class NoPagesError(ServiceAway):
    """Where the pages are is not known, so there is no link to them. Start the system: grid36 up"""


class WeakPasswordError(WrongInput):
    """This password is too easy to guess. Choose another one."""


class LoginTakenError(WrongInput):
    """Somebody else signs in under this name. Take another one: --name"""


class NoAccount(No):
    """This person has no account with a password."""


@command("link", help="command.person.link.help")
@click.argument("person", required=False)
@option("--administrator", is_flag=True, help="command.person.link.administrator")
@as_json
def link(person: str | None, administrator: bool, as_json: bool) -> None:
    """A link that signs PERSON in to the pages once."""
    settings = settings_of()
    made = sign_in_link(settings, _whom(settings, person, administrator=administrator))
    if not made:
        raise NoPagesError(home=str(settings.home))
    answer = {"person": person, "administrator": administrator, "link": made}
    say(answer, as_json, lambda _: click.echo(made))


@command("add", help="command.person.add.help")
@click.argument("person", required=False)
@option("--administrator", is_flag=True, help="command.person.add.administrator")
@option("--name", help="command.person.add.name")
@option("--totp", is_flag=True, help="command.person.add.totp")
@option("--password-stdin", is_flag=True, help="command.person.add.password_stdin")
@as_json
def add(
    person: str | None, administrator: bool, name: str | None, totp: bool, password_stdin: bool, as_json: bool
) -> None:
    """Let PERSON sign in by name and password."""
    settings = settings_of()
    language = Language(settings.lang)
    whom = _whom(settings, person, administrator=administrator)
    known = with_accounts(Home(settings.home).accounts, lambda rows: rows.local.of(whom))
    login = as_login(name or (known.login if known is not None else whom or "administrator"))
    if not is_login(login):
        raise Misuse(Name.of("command.person.add.wrong_name", most=MOST_LOGIN))
    password = _read() if password_stdin else _asked(language)
    if weak := weakness(password, login, whom):
        raise WeakPasswordError(Name.of(f"accounts.weak.{weak}", least=LEAST))
    stored, secret = hashed(password), new_secret() if totp else ""

    def put(rows: AccountRows) -> bool:
        if not rows.local.put(whom, login, stored, now_ms(), secret):
            return False
        rows.end_all(whom)
        return True

    if not with_accounts(Home(settings.home).accounts, put):
        raise LoginTakenError(name=login)
    issuer = f"Grid36 {region_of(settings).name.to(language)}"
    address = address_of(secret, login, issuer) if secret else ""
    answer = {"person": person, "administrator": administrator, "name": login, "totp": address or None}
    say(answer, as_json, lambda told: show_account(told, qr_code.as_text(address) if address else "", language))


@command("remove-account", help="command.person.remove_account.help")
@click.argument("person", required=False)
@option("--administrator", is_flag=True, help="command.person.add.administrator")
@as_json
def remove_account(person: str | None, administrator: bool, as_json: bool) -> None:
    """Remove name and password of PERSON, and end their sessions."""
    if (person is None) != administrator:
        raise Misuse(Name.of("command.person.link.whom"))
    settings = settings_of()
    file, whom = Home(settings.home).accounts, person or ADMINISTRATOR
    if not file.exists() or not with_accounts(file, lambda rows: rows.local.remove(whom)):
        raise NoAccount(person=whom)
    ended = with_accounts(file, lambda rows: rows.end_all(whom))
    answer = {"person": person, "administrator": administrator, "sessions": ended}
    say(answer, as_json, lambda _: click.echo(phrase("account_removed", Language(settings.lang))))


def _whom(settings: Settings, person: str | None, *, administrator: bool) -> str:
    """A person of the region, or the administrator. Raises `Misuse`, `UnknownPersonError`."""
    if (person is None) != administrator:
        raise Misuse(Name.of("command.person.link.whom"))
    if person is not None and all(each.id != person for each in region_of(settings).persons):
        raise UnknownPersonError(person=person)
    return person or ADMINISTRATOR


def _asked(language: Language) -> str:
    """Typed twice, without being shown; nowhere else, as commands are written into histories and lists of processes."""
    if not sys.stdin.isatty():
        raise Misuse(Name.of("command.person.add.no_terminal"))
    password: str = click.prompt(phrase("password", language), hide_input=True)
    if click.prompt(phrase("password_again", language), hide_input=True) != password:
        raise Misuse(Name.of("command.person.add.differ"))
    return password


def _read() -> str:
    """The first line of standard input."""
    return sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
