"""Checks fields of a submission against region and rulebook; collects mistakes in `Faults`."""

from typing import Final

from connectors.intake.context import Gateway
from connectors.intake.field_types import is_id
from connectors.intake.masking import masked
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.submission import ActSubmission, PlaceFields, ReporterFields
from connectors.intake.validation import Faults
from schemas.command import Act
from schemas.datum import Datum
from schemas.people import OrganisationKind, Role
from schemas.place import Coordinates, PlaceGiven
from schemas.report import ANONYMOUS, Reporter

MOST_NAMED: Final = 40
"""How many categories a refusal lists."""


def check_place(sent: PlaceFields, gateway: Gateway, faults: Faults) -> PlaceGiven:
    """The given place. A position needs both coordinates, and a datum unless the region has a default."""
    address, code = masked(sent.address) or None, sent.code or None
    if sent.lat is None or sent.lon is None:
        if sent.lat is not None or sent.lon is not None:
            faults.fault("half_coordinates", "lat" if sent.lat is None else "lon")
        return PlaceGiven(address=address, code=code)
    datum = sent.datum or gateway.region.untyped
    if datum is None:
        faults.fault("datum_needed", "datum")
    here = Coordinates(lon=sent.lon, lat=sent.lat, datum=datum or Datum.WGS84)
    return PlaceGiven(coordinates=here, address=address, code=code)


def check_case_number(where: str, number: str, region: str, faults: Faults) -> str | None:
    """A case number of this region; None when absent or wrong."""
    if not number:
        return None
    if not looks_like_case_number(number):
        faults.fault("bad_case_number", where, given=number, example=f"{region}-G01-2611-00042")
    elif not number.startswith(f"{region}-"):
        faults.fault("other_region", where, given=number, region=region)
    else:
        return number
    return None


def check_category(given: str, gateway: Gateway, faults: Faults) -> str | None:
    """A category of the rulebook, or one of its subcategories, by its id or by its name."""
    if not given:
        return None
    rulebook = gateway.rulebook
    known = {each.id: each.name for each in rulebook.filed}
    if given in known or any(given in each.replaces for each in rulebook.filed):
        return given
    for id_, name in known.items():
        if given.casefold() in (name.zh.casefold(), name.en.casefold()):
            return id_
    shown = ", ".join([*known][:MOST_NAMED])
    faults.fault("not_one_of", "category", given=given, known=shown + (", …" if len(known) > MOST_NAMED else ""))
    return None


def check_pushed_by(given: str, gateway: Gateway, reporter: str, faults: Faults) -> str | None:
    """The department that pushes a task down: only its own officer may name it; None when absent or wrong."""
    if not given:
        return None
    known = [body.code for body in gateway.region.organisations if body.kind is OrganisationKind.DEPARTMENT]
    officer = gateway.directory.person(reporter)
    if given not in known:
        faults.fault("no_department", "pushed_by", given=given, known=", ".join(known))
    elif officer is None or officer.department != given or Role.DEPARTMENT_OFFICER not in officer.roles:
        faults.fault("no_officer", "reporter", given=reporter, department=given)
    else:
        return given
    return None


def check_whom(sent: ActSubmission, gateway: Gateway, faults: Faults) -> str | None:
    """The target of an act: a case number for a merge, otherwise an id."""
    if sent.act is Act.MERGE:
        return check_case_number("to", sent.to, gateway.region.code, faults)
    if sent.to and not is_id(sent.to):
        faults.fault("bad_id", "to")
    return sent.to or None


def reporter(sent: ReporterFields, gateway: Gateway) -> Reporter:
    """The reporter; kind, team and language default to those the region has for this person."""
    given = sent.reporter or ANONYMOUS
    kind, team, language = sent.reporter_kind, sent.team or None, sent.reporter_lang
    known = gateway.directory.person(given)
    if known is not None:
        kind, team, language = kind or known.roles[0], team or known.team, language or known.language
    return Reporter(id=given, kind=kind or Role.RESIDENT, team=team, language=language or gateway.language)
