"""person list, invite, import, revoke, forget: who is reached how."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

from connectors.accounts.local_rows import LocalAccount
from connectors.accounts.session import ADMINISTRATOR
from connectors.accounts.store import with_accounts
from connectors.clock import now_ms
from connectors.contacts import qr_code
from connectors.contacts.contact import Contact, Invitation
from connectors.contacts.links import PersonalLink
from connectors.contacts.rows import ContactRows
from connectors.contacts.store import ContactFile
from connectors.contacts.tokens import words_for
from grid36.cli.options import FILE, as_json, say, settings_of
from grid36.cli.person.team_sheet import team_sheet
from grid36.cli.terminal.exit_codes import NO, No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.people_text import show_invitation, show_people, show_staff
from grid36.gateway.forgetting import forget_accounts
from grid36.gateway.invitation_links import links_for
from grid36.machine.home import Home
from grid36.machine.page_address import page_address
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.errors import WrongInput
from schemas.names import Language, Name

DAY_MS: Final = 86_400_000
BROWSER: Final = "browser"
"""The door whose accounts open the pages, too."""


class UnknownPersonError(WrongInput):
    """The region has no such person. `grid36 person list` names those who can be invited."""


class UnknownTeamError(WrongInput):
    """The region has no such team. Take one of those that are named, or add it to organisations.yaml."""


class NothingToRevoke(No):
    """This person has no open link, invitation or session, and no chat in a browser."""


class NobodyToForget(No):
    """Nothing is stored of this person: neither an account nor an invitation."""


@command("list", help="command.person.list.help")
@as_json
def list_(as_json: bool) -> None:
    """Everybody of the region with their doors, and the members of teams."""
    settings = settings_of()
    region, language = region_of(settings), Language(settings.lang)
    contacts, invitations, links = _stored(settings)
    accounts = {each.person: each for each in _accounts(settings)}
    invited = {each.person or each.team: each.token for each in invitations}
    by_person: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_person.setdefault(contact.person, []).append(contact)
    answer = {
        "people": [
            {"person": each.id, "name": each.name.to(language), "roles": [*each.roles],
             "doors": [_reached(one) for one in by_person.get(each.id, ())], "invitation": invited.get(each.id),
             "links": [_open(one) for one in links if one.person == each.id],
             "account": _signs_in(accounts.get(each.id))}
            for each in region.persons
        ],
        "teams": [
            {"team": each.code, "name": each.name.to(language), "invitation": invited.get(each.code),
             "members": len({one.person for one in contacts if one.team == each.code})}
            for each in region.teams
        ],
        "administrator": _signs_in(accounts.get(ADMINISTRATOR)),
        "others": len({each.person for each in contacts if not each.bound and not each.team}),
    }  # fmt: skip
    say(answer, as_json, lambda told: show_people(told, language, region.zone))


@command(help="command.person.invite.help")
@click.argument("person", required=False)
@option("--team", help="command.person.invite.team")
@option("--new", "anew", is_flag=True, help="command.person.invite.new")
@option("--qr", type=click.Path(path_type=Path, dir_okay=False), help="command.person.invite.qr")
@option("--to", metavar="NAME", help="command.person.invite.to")
@option("--sheet", type=click.Path(path_type=Path, dir_okay=False), help="command.person.invite.sheet")
@as_json
def invite(
    person: str | None, team: str | None, anew: bool, qr: Path | None, to: str | None, sheet: Path | None, as_json: bool
) -> None:
    """Invite PERSON, or whoever belongs to a team."""
    if (person is None) == (team is None):
        raise Misuse(Name.of("command.person.invite.whom"))
    if sheet is not None and team is None:
        raise Misuse(Name.of("command.person.invite.sheet_of_team"))
    if qr is not None and qr.suffix.lower() not in qr_code.KINDS:
        raise Misuse(Name.of("command.person.invite.qr_kind"))
    settings = settings_of()
    region = region_of(settings)
    if person is not None and all(each.id != person for each in region.persons):
        raise UnknownPersonError(person=person)
    if team is not None and all(each.code != team for each in region.teams):
        raise UnknownTeamError(team=team, known=", ".join(each.code for each in region.teams) or "–")
    (made,) = _invited(settings, [(person or "", team or "")], anew=anew)
    answer, language = _told(*made, settings), Language(settings.lang)
    if to is not None and to not in answer["links"]:
        raise Misuse(Name.of("command.person.invite.no_link", name=to, known=", ".join(answer["links"]) or "–"))
    code = answer["links"][to] if to is not None else _scanned(answer)
    if qr is not None:
        qr_code.write(code, qr)
    if sheet is not None:
        name = next(each.name for each in region.teams if each.code == team)
        sheet.write_text(team_sheet(region.name.to(language), name.to(language), code, language), encoding="utf-8")
    say(answer, as_json, lambda told: show_invitation(told, qr_code.as_text(code), language))


@command(help="command.person.revoke.help")
@click.argument("person")
@as_json
def revoke(person: str, as_json: bool) -> None:
    """End the personal links of PERSON, and what else opens the pages as them."""
    settings = settings_of()
    ended = [0, 0, _signed_out(settings, person)]
    if Home(settings.home).contacts.exists():
        with closing(_contacts(settings)) as file:
            ended[:2] = file.together([lambda f: f.withdraw(person), lambda f: f.unbind(BROWSER, person)])
    if not any(ended):
        raise NothingToRevoke(person=person)
    answer = {"person": person, "links": ended[0], "chats": ended[1], "sessions": ended[2]}
    revoked = Name.of("command.answer.revoked", person=person, n=sum(ended))
    say(answer, as_json, lambda _: click.echo(revoked.to(Language(settings.lang))))


@command("import", help="command.person.import.help")
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
    made = [_told(*each, settings) for each in _invited(settings, [(each.id, "") for each in sheet.people])]
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


@command(help="command.person.forget.help")
@click.argument("person")
@as_json
def forget(person: str, as_json: bool) -> None:
    """Remove how PERSON is reached."""
    settings = settings_of()
    home = Home(settings.home)
    sessions = _signed_out(settings, person) + _without_account(settings, person)
    if not home.contacts.exists() and not sessions:
        raise NobodyToForget(person=person)
    with closing(_contacts(settings)) as file:
        asyncio.run(forget_accounts(home.doors, file.accounts(person)))
        ((invited, gone),) = file.together([lambda f: (_is_invited(f, person), f.forget(person))])
        file.scrub()
    if not gone and not invited and not sessions:
        raise NobodyToForget(person=person)
    doors = sorted({each.door for each in gone})
    answer = {"person": person, "accounts": len(gone), "doors": doors}
    forgotten = Name.of("command.answer.forgotten", person=person, n=len(gone))
    say(answer, as_json, lambda _: click.echo(forgotten.to(Language(settings.lang))))


def _stored(settings: Settings) -> tuple[list[Contact], list[Invitation], list[PersonalLink]]:
    """All contacts, open invitations and open links; reading makes no home."""
    if not Home(settings.home).contacts.exists():
        return [], [], []
    with closing(_contacts(settings)) as file:
        (found,) = file.together([lambda f: (f.everybody(), f.invitations(now_ms()), f.links(now_ms()))])
    return found


def _contacts(settings: Settings) -> ContactFile:
    return ContactFile(Home(settings.home).contacts)


def _signed_out(settings: Settings, person: str) -> int:
    """End all sessions of a person, and the links that wait to begin one; how many there were."""
    file = Home(settings.home).accounts
    return with_accounts(file, lambda rows: rows.end_all(person)) if file.exists() else 0


def _without_account(settings: Settings, person: str) -> int:
    """Remove the name and password of a person; how many there were."""
    file = Home(settings.home).accounts
    return int(with_accounts(file, lambda rows: rows.local.remove(person))) if file.exists() else 0


def _accounts(settings: Settings) -> list[LocalAccount]:
    """All local accounts; reading makes no home."""
    file = Home(settings.home).accounts
    return with_accounts(file, lambda rows: rows.local.all()) if file.exists() else []


def _is_invited(file: ContactRows, person: str) -> bool:
    return person in {each.person for each in file.invitations(0)} | {each.person for each in file.links(0)}


def _invited(
    settings: Settings, whom: Sequence[tuple[str, str]], *, anew: bool = False
) -> list[tuple[Invitation, str]]:
    """One invitation for each person or team, which of a person ends after a time; and where the form is opened by it.

    A person gets a personal link of their own each time, as its token is not stored; `anew` ends those before.
    """
    now = now_ms()
    ends, links_end = now + settings.invitation_days * DAY_MS, now + settings.link_days * DAY_MS
    has_pages = bool(page_address(settings))
    with closing(_contacts(settings)) as file:

        def invite(person: str, team: str) -> tuple[Invitation, str]:
            if anew and person:
                file.revoke_links(person)
            made = file.invite(person, team, now, ends if person else None, anew=anew)
            if not has_pages:
                return made, ""
            if team:
                return made, f"/in/team/{made.token}"
            return made, f"/in/{file.new_link(person, now, links_end)}?invite={made.token}"

        (made,) = file.together([lambda _: [invite(*each) for each in whom]])
    return made


def _told(invitation: Invitation, form: str, settings: Settings) -> dict[str, Any]:
    """What whoever is invited needs, for programs; `form` is the address of the form behind that of the pages."""
    whom = {"person": invitation.person} if invitation.person else {"team": invitation.team}
    words = words_for(invitation.token, Language(settings.lang))
    links = links_for(invitation.token, settings, form=form)
    return {**whom, "token": invitation.token, "words": words, "links": links, "expires_ms": invitation.expires_ms}


def _scanned(invitation: dict[str, Any]) -> str:
    """What the QR code holds: the link of the first door that has one, else the words."""
    return str(next(iter(invitation["links"].values()), invitation["words"]))


def _signs_in(account: LocalAccount | None) -> dict[str, Any] | None:
    """A local account, without its secrets."""
    if account is None:
        return None
    return {"name": account.login, "totp": bool(account.secret), "totp_offered": bool(account.offered)}


def _open(link: PersonalLink) -> dict[str, Any]:
    """An open personal link, without what opens it."""
    return {"made_ms": link.made_ms, "expires_ms": link.expires_ms}


def _reached(contact: Contact) -> dict[str, Any]:
    """How somebody is reached, without the platform's ids."""
    return {"door": contact.door, "reachable": contact.reachable, "heard_ms": contact.heard_ms}
