"""Which version of the form a phone has stored: another one makes its service worker load it anew."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from connectors.intake.context import Gateway

_FOLDERS: Final = ("assets", "phone_assets")


def version(gateway: Gateway) -> str:
    """Of the scripts and styles, the region and the rulebook."""
    system = gateway.system
    return sha256(f"{_assets()} {system.region} {system.rulebook}".encode()).hexdigest()[:12]


@cache
def _assets() -> str:
    digest, here = sha256(), Path(__file__).parent.parent
    for folder in _FOLDERS:
        for file in sorted((here / folder).iterdir()):
            digest.update(file.read_bytes())
    return digest.hexdigest()
