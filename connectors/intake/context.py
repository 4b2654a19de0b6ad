"""What all doors of a gateway share: the stores, the region, the rulebook, the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, TypeVar

from connectors.accounts.store import Accounts
from connectors.clock import now_ms
from connectors.contacts.book import ContactBook
from connectors.intake.parked_reports import ParkedReports
from connectors.intake.recordings.store import RecordingStore
from connectors.intake.refusal import refused
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.absences import Absences
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.relay import Relay
from connectors.outbox.store import Outbox
from connectors.photos.store import PhotoStore
from connectors.replies.roster import NobodyOnDuty, OnDuty
from connectors.subscriptions.store import SubscriptionStore
from schemas.directory import Directory
from schemas.errors import Stop
from schemas.item_list import ItemList
from schemas.names import Language, Name
from schemas.past_names import PastNames
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System

T = TypeVar("T")

SCOPE: Final = "gateway"
"""The door name under which the outbox stores all ids of the gateway: one namespace, because a report, a supplement and
an act with the same id would collide after Kafka."""


NoteAct = Callable[[str, str, str, int], Awaitable[None]]
"""Department, its id of the act, case number, and the time in ms UTC."""


async def nobody_answers(department: str, id: str, case: str, at_ms: int) -> None:
    """Where no department's topics are served."""


@dataclass(slots=True)
class Gateway:
    """Shared by all doors of one process. `region`, `rulebook` and `system` may be replaced while it runs."""

    outbox: Outbox
    ledger: Ledger
    photos: PhotoStore
    recordings: RecordingStore
    contacts: ContactBook
    accounts: Accounts
    region: Region
    rulebook: Rulebook
    system: System
    language: Language = Language.ZH
    public_host: str = ""
    """The host name under which everybody reaches it through a proxy; empty: nobody from outside."""
    public_url: str = ""
    """The same as an address: scheme and host, perhaps a port."""
    address: str = ""
    """Where the pages are opened: the public address, else that on this machine; empty where there are no pages."""
    hosts: frozenset[str] = frozenset()
    """Host names, besides the loopback ones, under which it may be reached."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))
    """From where a request's `X-Forwarded-For` is believed."""
    key: str = ""
    """What a program shows that may act in every name; empty: none may."""
    demo: bool = False
    """Whether anybody on this machine may be anybody."""
    clock: Callable[[], int] = now_ms
    relay: Relay | None = None
    """Sends accepted messages to Kafka; None if nothing is sent."""
    set_aside: ParkedReports = field(default_factory=ParkedReports)
    """Reports that could not be processed; the process that runs the gateway lets it follow the log."""
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "ledger"))
    past_names: PastNames = field(default_factory=dict)
    """Names of entries removed from its lists or its region; replaced when the region is."""
    absences: Absences = field(default_factory=Absences)
    """Who is away, as far as somebody followed the ledger."""
    door_folder: Path | None = None
    """Where the doors have their folders; None where there are none."""
    rota: OnDuty = field(default_factory=NobodyOnDuty)
    """Who is on duty now."""
    note_act: NoteAct = nobody_answers
    """Notes an act of a department that came over HTTP, to be answered in its topic as well."""
    live_streams: Callable[[], int] = lambda: 0
    """How many pages watch live."""
    closed_doors: dict[str, Stop] = field(default_factory=dict)
    """Doors that ended by an error which a person has to mend, by name; the others are open."""
    subscriptions: SubscriptionStore | None = None
    """Who subscribed to what; None where nobody can."""
    subscriber_hosts: frozenset[str] = frozenset()
    """Hosts in private networks that departments may let their subscriptions lead to."""
    _directory: Directory | None = None
    _items: ItemList | None = None

    @property
    def directory(self) -> Directory:
        """The region by id."""
        if self._directory is None or self._directory.region is not self.region:
            self._directory = Directory(self.region)
        return self._directory

    @property
    def items(self) -> ItemList:
        """The responsibility list by item id."""
        if self._items is None or self._items.rulebook is not self.rulebook:
            self._items = ItemList(self.rulebook)
        return self._items

    @property
    def department_names(self) -> dict[str, Name]:
        """Names of organisations, including former ones."""
        present = {body.code: body.name for body in self.region.organisations}
        return self.past_names.get("department", {}) | present

    @property
    def category_names(self) -> dict[str, Name]:
        """Names of categories, including former ones."""
        return self.past_names.get("category", {}) | {each.id: each.name for each in self.rulebook.filed}

    async def ask(self, question: Callable[[Ledger], T]) -> T:
        """Ask the ledger in a thread: `await gateway.ask(lambda ledger: ledger.case(number))`.

        Raises `Refused` (503) while there is no ledger.
        """
        try:
            return await self.ask_ledger(question)
        except LedgerAway:
            raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "ledger_away") from None

    async def ask_ledger(self, question: Callable[[Ledger], T]) -> T:
        """The same for background work. Raises `LedgerAway`."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, question, self.ledger)

    def check_live(self) -> None:
        """Raise `Refused` (409) if this system is a replayed history, which accepts no live input."""
        if self.system.mode is Mode.HISTORY:
            raise refused(HTTPStatus.CONFLICT, "history_system")
