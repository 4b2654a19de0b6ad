"""Who asks, and what goes out to them: the one place that decides what is public. Reasons: docs/adr/0033."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from connectors.doors.open311.options import Open311Options
from connectors.intake.refusal import refused
from schemas.report import FROM_OPEN311

OWN: Final = FROM_OPEN311
"""How the ids of what came in by this door begin; the name of the program follows."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A stranger, or a program by its name. Nobody is ever told who reported something."""

    program: str = ""
    trusted: bool = False
    lists: bool = False
    """Whether it sees what it did not send: lists, and requests by their number."""
    exact: bool = False
    """Whether it sees the address; else the road or the grid, and a position rounded to about 100 m."""

    def reads_words_of(self, report: str) -> bool:
        """Whether it sees description and photo of the request that this report became: its own, or any if trusted."""
        return self.trusted or (bool(self.program) and report.startswith(f"{OWN}{self.program}-"))


def audience_of(options: Open311Options, api_key: str) -> Audience:
    """Who shows this key; none is a stranger. Raises `Refused` (403)."""
    if not api_key:
        return Audience(lists=options.list == "everybody", exact=options.place == "exact")
    for key, name in options.key_names.items():
        if secrets.compare_digest(key.encode(), api_key.encode()):
            return Audience(name, trusted=name in options.trusted_names, lists=True, exact=True)
    raise refused(HTTPStatus.FORBIDDEN, "wrong_api_key", "api_key")


def check_may_report(options: Open311Options, audience: Audience) -> None:
    """Where programs have keys, only these report. Raises `Refused` (403)."""
    if options.keys is not None and not audience.program:
        raise refused(HTTPStatus.FORBIDDEN, "wrong_api_key", "api_key")


def check_is_program(audience: Audience) -> None:
    """Raises `Refused` (403)."""
    if not audience.program:
        raise refused(HTTPStatus.FORBIDDEN, "wrong_api_key", "api_key")


def check_sees_lists(audience: Audience) -> None:
    """Raises `Refused` (403)."""
    if not audience.lists:
        raise refused(HTTPStatus.FORBIDDEN, "list_for_keys", "api_key")
