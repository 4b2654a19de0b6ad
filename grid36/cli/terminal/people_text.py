"""Prints people, invitations and what became of a staff spreadsheet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.terminal.phrases import label, padded, phrase
from grid36.files.region.files import first_of
from grid36.files.rulebook.problems import FileProblem
from schemas.names import Language


def show_people(answer: dict[str, Any], language: Language, zone: str) -> None:
    """One line for each person, then the teams, then how many others wrote."""
    for row in answer["people"]:
        doors = ", ".join(_door(each, language, ZoneInfo(zone)) for each in row["doors"])
        if row["links"]:
            until = _day(max(each["expires_ms"] for each in row["links"]), ZoneInfo(zone))
            doors = ", ".join(filter(None, [doors, phrase("person_linked", language, at=until)]))
        if row["account"]:
            said = "person_account_with_code" if row["account"]["totp"] else "person_account"
            offered = phrase("person_code_offered", language) if row["account"]["totp_offered"] else ""
            doors = ", ".join(filter(None, [doors, phrase(said, language, login=row["account"]["name"]), offered]))
        if not doors:
            doors = phrase("person_invited" if row["invitation"] else "person_not_invited", language)
        click.echo(f"{padded(row['person'], 20)} {padded(row['name'], 20)} {doors}")
    for row in answer["teams"]:
        invited = phrase("person_invited" if row["invitation"] else "person_not_invited", language)
        members = phrase("team_members", language, n=row["members"])
        click.echo(f"{padded(row['team'], 20)} {padded(row['name'], 20)} {members}, {invited}")
    click.echo(phrase("person_others", language, n=answer["others"]))


def _door(reached: dict[str, Any], language: Language, zone: ZoneInfo) -> str:
    heard = _day(reached["heard_ms"], zone)
    return phrase("person_reached" if reached["reachable"] else "person_left", language, door=reached["door"], at=heard)


def _day(t_ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(t_ms / 1000, zone).strftime("%Y-%m-%d")


def show_invitation(answer: dict[str, Any], code: str, language: Language) -> None:
    """The code to scan, and the same as links and as words to send."""
    click.echo(code)
    for door, link in answer["links"].items():
        click.echo(f"{padded(door, 10)} {link}")
    click.echo(f"{padded(label('invite_words', language), 10)} {answer['words']}")
    click.echo(phrase("invite_once" if "person" in answer else "invite_team", language))
    if "person" in answer and "form" in answer["links"]:
        click.echo(phrase("invite_link", language))


def show_account(answer: dict[str, Any], code: str, language: Language) -> None:
    """Under which name somebody signs in now; the code for their app, which is shown this once."""
    click.echo(phrase("account_made", language, login=answer["name"]))
    if answer["totp"]:
        click.echo(f"\n{code}\n{answer['totp']}\n{phrase('account_code', language)}")


def show_staff(
    invited: Sequence[dict[str, Any]],
    unusable: Iterable[FileProblem],
    remarks: Iterable[FileProblem],
    language: Language,
) -> None:
    """One line for each invitation, then the rows that were not used, then the rest."""
    for each in invited:
        click.echo(f"{padded(each['person'], 20)} {next(iter(each['links'].values()), each['words'])}")
    left, said = [each.say(language) for each in unusable], [each.say(language) for each in remarks]
    click.echo(phrase("staff_invited", language, n=len(invited)))
    if left:
        click.echo(phrase("staff_unusable", language, n=len(left)), err=True)
    for line in (*first_of(left, language), *first_of(said, language)):
        click.echo(f"  {line}", err=True)
