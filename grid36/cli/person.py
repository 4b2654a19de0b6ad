"""person: who is reached how, invitations, and forgetting."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

from connectors.contacts import qr_code
from connectors.contacts.contact import Contact, Invitation
from connectors.contacts.rows import ContactRows
from connectors.contacts.store import ContactFile
from connectors.contacts.tokens import words_for
from connectors.intake.context import now_ms
from grid36.cli.options import FILE, as_json, say, settings_of
from grid36.cli.terminal.exit_codes import NO, No
from grid36.cli.terminal.help_texts import Group, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.people_text import show_invitation, show_people, show_staff
from grid36.gateway.forgetting import forget_accounts
from grid36.gateway.invitation_links import links_for
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.errors import WrongInput
from schemas.names import Language, Name

DAY_MS: Final = 86_400_000


class UnknownPersonError(WrongInput):
    """The region has no such person. `grid36 person list` names those who can be invited."""


class UnknownTeamError(WrongInput):
    """The region has no such team. Take one of those that are named, or add it to organisations.yaml."""


class NobodyToForget(No):
    """Nothing is stored of this person: neither an account nor an invitation."""


@click.group(cls=Group, help="command.person.help")
def person() -> None:
    """People and how they are reached."""


@person.command("list", help="command.person.list.help")
@as_json
def list_(as_json: bool) -> None:
    """Everybody of the region with their doors, and the members of teams."""
    settings = settings_of()
    region, language = region_of(settings), Language(settings.lang)
    contacts, invitations = _stored(settings)
    invited = {each.person or each.team: each.token for each in invitations}
    by_person: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_person.setdefault(contact.person, []).append(contact)
    answer = {
        "people": [
            {"person": each.id, "name": each.name.to(language), "roles": [*each.roles],
             "doors": [_reached(one) for one in by_person.get(each.id, ())], "invitation": invited.get(each.id)}
            for each in region.persons
        ],
        "teams": [
            {"team": each.code, "name": each.name.to(language), "invitation": invited.get(each.code),
             "members": len({one.person for one in contacts if one.team == each.code})}
            for each in region.teams
        ],
        "others": len({each.person for each in contacts if not each.bound and not each.team}),
    }  # fmt: skip
    say(answer, as_json, lambda told: show_people(told, language, region.zone))


@person.command(help="command.person.invite.help")
@click.argument("person", required=False)
@option("--team", help="command.person.invite.team")
@option("--new", "anew", is_flag=True, help="command.person.invite.new")
@option("--qr", type=click.Path(path_type=Path, dir_okay=False), help="command.person.invite.qr")
@as_json
def invite(person: str | None, team: str | None, anew: bool, qr: Path | None, as_json: bool) -> None:
    """Invite PERSON, or whoever belongs to a team."""
    if (person is None) == (team is None):
        raise Misuse(Name.of("command.person.invite.whom"))
    if qr is not None and qr.suffix.lower() not in qr_code.KINDS:
        raise Misuse(Name.of("command.person.invite.qr_kind"))
    settings = settings_of()
    region = region_of(settings)
    if person is not None and all(each.id != person for each in region.persons):
        raise UnknownPersonError(person=person)
    if team is not None and all(each.code != team for each in region.teams):
        raise UnknownTeamError(team=team, known=", ".join(each.code for each in region.teams) or "–")
    (made,) = _invited(settings, [(person or "", team or "")], anew=anew)
    answer = _told(made, settings)
    if qr is not None:
        qr_code.write(_scanned(answer), qr)
    say(answer, as_json, lambda told: show_invitation(told, qr_code.as_text(_scanned(told)), Language(settings.lang)))


@person.command("import", help="command.person.import.help")
@click.argument("file", type=FILE)
@option("--qr", "folder", type=click.Path(path_type=Path, file_okay=False), help="command.person.import.qr")
@as_json
def import_(file: Path, folder: Path | None, as_json: bool) -> None:
    """Invite the people of a staff spreadsheet."""
    from grid36.files.staff_sheet import read_staff
    from schemas.directory import Directory

    settings = settings_of()
    language = Language(settings.lang)
    sheet = read_staff(file, Directory(region_of(settings)))
    made = [_told(each, settings) for each in _invited(settings, [(each.id, "") for each in sheet.people])]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for each in made:
            qr_code.write(_scanned(each), folder / f"{each['person']}.svg")
    answer = {
        "invited": made,
        "unusable": [each.as_row() for each in sheet.unusable],
        "remarks": [each.as_row() for each in sheet.remarks],
    }
    say(answer, as_json, lambda _: show_staff(made, sheet.unusable, sheet.remarks, language))
    raise click.exceptions.Exit(NO if sheet.unusable else 0)


@person.command(help="command.person.forget.help")
@click.argument("person")
@as_json
def forget(person: str, as_json: bool) -> None:
    """Remove how PERSON is reached."""
    settings = settings_of()
    home = Home(settings.home)
    if not home.contacts.exists():
        raise NobodyToForget(person=person)
    with closing(_contacts(settings)) as file:
        asyncio.run(forget_accounts(home.doors, file.accounts(person)))
        ((invited, gone),) = file.together([lambda f: (_is_invited(f, person), f.forget(person))])
        file.scrub()
    if not gone and not invited:
        raise NobodyToForget(person=person)
    doors = sorted({each.door for each in gone})
    answer = {"person": person, "accounts": len(gone), "doors": doors}
    forgotten = Name.of("command.answer.forgotten", person=person, n=len(gone))
    say(answer, as_json, lambda _: click.echo(forgotten.to(Language(settings.lang))))


def _stored(settings: Settings) -> tuple[list[Contact], list[Invitation]]:
    """All contacts and open invitations; reading makes no home."""
    if not Home(settings.home).contacts.exists():
        return [], []
    with closing(_contacts(settings)) as file:
        (found,) = file.together([lambda f: (f.everybody(), f.invitations(now_ms()))])
    return found


def _contacts(settings: Settings) -> ContactFile:
    return ContactFile(Home(settings.home).contacts)


def _is_invited(file: ContactRows, person: str) -> bool:
    return any(each.person == person for each in file.invitations(0))


def _invited(settings: Settings, whom: Sequence[tuple[str, str]], *, anew: bool = False) -> list[Invitation]:
    """One invitation for each person or team; that of a person ends after a time."""
    now = now_ms()
    ends = now + settings.invitation_days * DAY_MS
    with closing(_contacts(settings)) as file:

        def invite(person: str, team: str) -> Invitation:
            return file.invite(person, team, now, ends if person else None, anew=anew)

        (made,) = file.together([lambda _: [invite(*each) for each in whom]])
    return made


def _told(invitation: Invitation, settings: Settings) -> dict[str, Any]:
    """What whoever is invited needs, for programs."""
    whom = {"person": invitation.person} if invitation.person else {"team": invitation.team}
    words = words_for(invitation.token, Language(settings.lang))
    links = links_for(invitation.token, settings)
    return {**whom, "token": invitation.token, "words": words, "links": links, "expires_ms": invitation.expires_ms}


def _scanned(invitation: dict[str, Any]) -> str:
    """What the QR code holds: the link of the first door that has one, else the words."""
    return str(next(iter(invitation["links"].values()), invitation["words"]))


def _reached(contact: Contact) -> dict[str, Any]:
    """How somebody is reached, without the platform's ids."""
    return {"door": contact.door, "reachable": contact.reachable, "heard_ms": contact.heard_ms}
