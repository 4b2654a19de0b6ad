"""The page of the door has every setting, and a wrong one is named."""

import re

import pytest

from connectors.chat.options import WrongDoorSettingsError, read_options
from connectors.doors.neighbour.options import NeighbourOptions
from texts.catalogue import ROOT

PAGE = (ROOT.parent / "docs" / "connect" / "neighbour.md").read_text(encoding="utf-8")


def test_it_has_every_setting_and_no_other() -> None:
    table = PAGE.partition("## Settings")[2]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name.lower() for cell in first for name in re.findall(r"`([A-Z_]+)`", cell)} == set(
        NeighbourOptions.model_fields
    )


@pytest.mark.parametrize(("name", "value"), [("url", "city"), ("services", "7"), ("key", "two words")])
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongDoorSettingsError, match=f"GRID36_DOOR_NEIGHBOUR_{name.upper()}"):
        read_options(NeighbourOptions, "neighbour", {"url": "https://city.example.org", name: value})
