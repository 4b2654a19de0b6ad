"""Who may send which request, and of which part of the region an answer may tell: one table for all routes.

What somebody may then *do* to a case is in `schemas.rights` and decided by the worker.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connectors.accounts.session import ADMINISTRATOR
from connectors.intake.context import Gateway
from schemas.models import ChoiceEnum
from schemas.people import Power
from schemas.remit import WHOLE, Remit


class Credential(ChoiceEnum):
    """What a request shows of who sends it."""

    NOTHING = "nothing"
    BROWSER = "browser"
    """The cookie of the chat: one browser, perhaps of a known person."""
    PERSONAL_LINK = "personal_link"
    """The cookie of a personal link."""
    SESSION = "session"
    """Signed in."""
    KEY = "key"
    """A program with the key of this system."""
    DEPARTMENT = "department"
    """A program with the key of a department."""
    PLATFORM = "platform"
    """A program with the key of a neighbouring platform."""
    DEMO = "demo"
    """Anybody on this machine, in the demo."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request."""

    credential: Credential = Credential.NOTHING
    id: str = ""
    """A person of the region or a pseudonym; in a session perhaps `ADMINISTRATOR`; by its key the code of its owner."""
    key: str = ""
    """The id of the department's key."""

    @property
    def may_be_anybody(self) -> bool:
        """Whether it may act in every name and see everything."""
        return self.credential in {Credential.KEY, Credential.DEMO}

    @property
    def signed_in(self) -> bool:
        """Whether pages show everything that its rights allow; a personal link opens a part only."""
        return self.credential is Credential.SESSION or self.may_be_anybody


class Reach(ChoiceEnum):
    """Whom a route is for."""

    EVERYBODY = "everybody"
    KNOWN = "known"
    """Whoever has a credential. The page shows what is theirs."""
    PEOPLE = "people"
    """People of the region."""
    WATCHERS = "watchers"
    """Whoever answers for a part of the region. The page shows this part and no more."""
    OVERSEERS = "overseers"
    """Whoever answers for the whole region."""
    DECIDERS = "deciders"
    """Whoever decides about the list."""
    ADMINISTRATOR = "administrator"
    DEPARTMENTS = "departments"
    """Programs with the key of a department, which reach what is its own, or with that of this system."""
    PLATFORMS = "platforms"
    """Programs with the key of a neighbouring platform, which reach what is its own, or with that of this system."""
    PARTNERS = "partners"
    """Programs with the key of a department or of a neighbouring platform, or with that of this system."""
    PROGRAMS = "programs"
    """With the key of this system only."""


@dataclass(frozen=True, slots=True)
class Access:
    """A row of the table."""

    reach: Reach
    by_link: bool = False
    """Whether a personal link, or the chat of a known person in the same browser, is enough."""
    here_only: bool = False
    """Not at the public address, whoever asks."""
    personal: bool = False
    """Whether its answer says of people what not everybody may know, so that each look at it is written down."""
    filters: tuple[str, ...] = ()
    """Of a view that stays open and asks again by itself: what of its address says which cases are looked at."""


EVERYBODY: Final = Access(Reach.EVERYBODY)
OWN: Final = Access(Reach.KNOWN, by_link=True)
OWN_CASE: Final = Access(Reach.KNOWN, by_link=True, personal=True)
OWN_JOBS: Final = Access(Reach.PEOPLE, by_link=True)
PEOPLE: Final = Access(Reach.PEOPLE)
WATCHED: Final = Access(Reach.WATCHERS, by_link=True)
BOARD: Final = Access(Reach.WATCHERS, by_link=True, personal=True, filters=("department", "category", "grid"))
LIST: Final = Access(
    Reach.WATCHERS,
    personal=True,
    filters=(
        "state",
        "department",
        "grid",
        "raised",
        "late",
        "photo",
        "assignee",
        "before",
        "after",
        "counted",
        "kind",
        "from",
        "to",
        "by",
        "key",
        "across",
        "across_key",
    ),
)
PART: Final = Access(Reach.WATCHERS)
PART_CASES: Final = Access(Reach.WATCHERS, personal=True, filters=("id",))
OVERSEEN: Final = Access(Reach.OVERSEERS)
LISTS: Final = Access(Reach.DECIDERS)
ACCOUNTS: Final = Access(Reach.ADMINISTRATOR)
PROGRAMS: Final = Access(Reach.PROGRAMS)
DEPARTMENTS: Final = Access(Reach.DEPARTMENTS)
DEPARTMENTS_ORDERS: Final = Access(Reach.DEPARTMENTS, personal=True)
PLATFORMS: Final = Access(Reach.PLATFORMS)
PARTNERS: Final = Access(Reach.PARTNERS)
PLATFORMS_OUTCOMES: Final = Access(Reach.PLATFORMS, personal=True)
PROGRAMS_CASES: Final = Access(Reach.PROGRAMS, personal=True)

OF_PROGRAMS: Final = {
    Credential.DEPARTMENT: frozenset({Reach.DEPARTMENTS, Reach.PARTNERS}),
    Credential.PLATFORM: frozenset({Reach.PLATFORMS, Reach.PARTNERS}),
}
"""Keys of others' programs, and the only routes that each opens besides those for everybody."""

ACCESS: Final[dict[str, Access]] = {
    # pages for everybody
    "GET /chat": EVERYBODY,
    "GET /chat/map": EVERYBODY,
    "GET /public-list": EVERYBODY,
    "GET /public-list.csv": EVERYBODY,
    "GET /public-list.json": EVERYBODY,
    "GET /form": EVERYBODY,
    "POST /form": EVERYBODY,
    "GET /form/mine": EVERYBODY,
    "GET /form/map": EVERYBODY,
    "POST /form/leave": EVERYBODY,
    "GET /form.webmanifest": EVERYBODY,
    "GET /form-worker.js": EVERYBODY,
    "GET /form/icon-{size}.png": EVERYBODY,
    "GET /in/team/{token}": EVERYBODY,
    "GET /in/{token}": EVERYBODY,
    "GET /assets/{name}": EVERYBODY,
    "GET /photos/{digest}.jpg": EVERYBODY,  # who knows the digest was shown the case
    "GET /photos/small/{digest}.jpg": EVERYBODY,
    "GET /recordings/{digest}.{ending}": EVERYBODY,
    "* /doors/{name}{rest}": EVERYBODY,  # each door asks for its platform's signature, or its own cookie
    "* /open311/v2{rest}": EVERYBODY,  # its door says what is public
    "GET /sign-in": EVERYBODY,
    "GET /sign-in/oidc": EVERYBODY,
    "GET /sign-in/oidc/back": EVERYBODY,  # who comes back is asked for what the provider gave them
    "GET /sign-in/oidc/out": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "GET /sign-in/{token}": EVERYBODY,
    "POST /sign-in/{token}": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    # pages of somebody
    "GET /": Access(Reach.KNOWN),
    "GET /case/{number}": OWN_CASE,
    "POST /case/{number}/acts": OWN,
    "POST /reporter/reports/{id}/supplement": OWN,
    "GET /handler": OWN_JOBS,
    "GET /reporter": PEOPLE,
    "POST /reporter/reports": PEOPLE,
    "GET /covers": PEOPLE,
    "POST /covers": PEOPLE,
    "GET /proposals": PEOPLE,
    "GET /push": PEOPLE,
    # accounts
    "GET /accounts": Access(Reach.ADMINISTRATOR, personal=True),
    "POST /accounts/links": ACCOUNTS,
    "POST /accounts/end": ACCOUNTS,
    "POST /accounts/codes": ACCOUNTS,
    # watching
    "GET /board": BOARD,
    "GET /board/cases": BOARD,
    "GET /board/shapes": WATCHED,
    "GET /supervisor": LIST,
    "POST /cases/acts": PART,
    "GET /cases/acts/{id}": PART_CASES,
    "GET /figures": PART,
    "GET /hot-spots": PART,
    "GET /hot-spots.csv": PART,
    "GET /hot-spots/remedy": PART,
    "GET /hot-spots/propose": PART,
    "POST /hot-spots/propose": PART,
    "GET /statistics": PART,
    "GET /statistics.csv": PART,
    "GET /statistics.xlsx": PART,
    "GET /statistics.parquet": PART,
    "GET /statistics.json": PART,
    "GET /statistics/cases.csv": PART,
    "GET /proofs": PART,
    "GET /proofs/{day}/{partner}": PART,
    "GET /parked": Access(Reach.OVERSEERS, personal=True),
    "POST /parked/{record}": OVERSEEN,
    "GET /photo/{digest}": Access(Reach.OVERSEERS, personal=True),
    "POST /photo/{digest}": OVERSEEN,
    # maintaining the list
    "GET /lists": LISTS,
    "GET /lists/in-force.xlsx": LISTS,
    "GET /lists/in-force.dmn": LISTS,
    "GET /lists/explain": LISTS,
    "POST /lists/drafts": LISTS,
    "POST /lists/drafts/in-force": LISTS,
    "GET /lists/drafts/{id}": LISTS,
    "GET /lists/drafts/{id}/row": LISTS,
    "POST /lists/drafts/{id}/row": LISTS,
    "GET /lists/drafts/{id}/workbook.xlsx": LISTS,
    "GET /lists/drafts/{id}/backtest": LISTS,
    "POST /lists/drafts/{id}/erase": LISTS,
    "POST /lists/drafts/{id}/propose": LISTS,
    "POST /lists/back": LISTS,
    "GET /lists/activations/{id}": LISTS,
    "GET /lists/activations/{id}/workbook.xlsx": LISTS,
    "POST /lists/activations/{id}/approve": LISTS,
    "POST /lists/activations/{id}/decline": LISTS,
    # the demo's phones are nobody's
    "GET /demo": PROGRAMS,
    # what the scripts of these pages send
    "POST /api/reports": PEOPLE,
    "POST /api/reports/{id}/supplement": OWN,
    "POST /api/cases/{number}/acts": OWN,
    "POST /api/covers": PEOPLE,
    "GET /api/changes": OWN_JOBS,
    # programs of departments
    "GET /api/orders": DEPARTMENTS_ORDERS,
    "POST /api/orders/{number}/actions": DEPARTMENTS,
    "GET /api/orders/{number}/photos/{digest}.jpg": DEPARTMENTS_ORDERS,
    "GET /api/orders/{number}/recordings/{digest}.{ending}": DEPARTMENTS_ORDERS,
    "POST /api/photos": DEPARTMENTS,
    "GET /api/acts/{id}": DEPARTMENTS,
    "GET /api/subscriptions": DEPARTMENTS,
    "POST /api/subscriptions": DEPARTMENTS,
    "DELETE /api/subscriptions/{id}": DEPARTMENTS,
    "POST /api/subscriptions/{id}/resume": DEPARTMENTS,
    "GET /api/proofs": PARTNERS,
    "GET /api/proofs/{day}/records": PARTNERS,
    "POST /api/proofs/{day}": PARTNERS,
    # neighbouring platforms
    "POST /api/platforms/{code}/rows": PLATFORMS,
    "GET /api/platforms/{code}/outcomes": PLATFORMS_OUTCOMES,
    "POST /api/platforms/{code}/comparison": PLATFORMS_OUTCOMES,
    # programs
    "GET /api/reports/{id}": PROGRAMS,
    "GET /api/cases": PROGRAMS_CASES,
    "GET /api/cases/{number}": PROGRAMS_CASES,
    "POST /api/cases/acts": PROGRAMS,
    "GET /api/cases/acts/{id}": PROGRAMS,
    "GET /api/cases/{number}/acts/{id}": PROGRAMS,
    "GET /api/report-ins": PROGRAMS,
    "GET /api/proposals": PROGRAMS,
    "GET /api/remedies": PROGRAMS,
    "POST /api/remedies": PROGRAMS,
    "GET /api/openapi.json": EVERYBODY,
    "GET /health": Access(Reach.EVERYBODY, here_only=True),
    "GET /healthz": Access(Reach.EVERYBODY, here_only=True),
    "GET /readyz": Access(Reach.EVERYBODY, here_only=True),
}
"""By method and path. A route without a row answers nobody."""


def access_to(method: str, path: str) -> Access | None:
    """The row of a route; `path` as it is written in the table."""
    return ACCESS.get(f"{'GET' if method == 'HEAD' else method} {path}") or ACCESS.get(f"* {path}")


def remit_of(caller: Caller, gateway: Gateway) -> Remit:
    """Which cases somebody is shown beside their own: their part of the region, and that of whom they cover for."""
    if caller.may_be_anybody:
        return WHOLE
    directory, covered = gateway.directory, gateway.absences.covered_by(caller.id, gateway.clock())
    return Remit.joined(directory.remit(each) for each in (caller.id, *covered))


def decides_lists(person: str, gateway: Gateway) -> bool:
    """Whether somebody decides about the list."""
    return person in gateway.directory.holders(Power.LIST_APPROVAL)


def allows(access: Access, caller: Caller, gateway: Gateway) -> bool:
    """Whether somebody may send a request to such a route."""
    if access.reach is Reach.EVERYBODY or caller.may_be_anybody:
        return True
    if caller.credential in OF_PROGRAMS:
        return access.reach in OF_PROGRAMS[caller.credential]
    if not caller.signed_in and not access.by_link:
        return False
    within: dict[Reach, Callable[[], bool]] = {
        Reach.KNOWN: lambda: caller.credential is not Credential.NOTHING,
        Reach.PEOPLE: lambda: gateway.directory.person(caller.id) is not None,
        Reach.WATCHERS: lambda: bool(remit_of(caller, gateway)),
        Reach.OVERSEERS: lambda: remit_of(caller, gateway).everything,
        Reach.DECIDERS: lambda: decides_lists(caller.id, gateway),
        Reach.ADMINISTRATOR: lambda: caller == Caller(Credential.SESSION, ADMINISTRATOR),
    }
    return access.reach in within and within[access.reach]()
