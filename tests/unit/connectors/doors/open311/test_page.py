"""The page of the door has every setting, and the settings say what is wrong with them."""

import re

import pytest

from connectors.chat.options import WrongDoorSettingsError, read_options
from connectors.doors.open311.options import Open311Options
from texts.catalogue import ROOT

PAGE = (ROOT.parent / "docs" / "connect" / "open311.md").read_text(encoding="utf-8")


def test_it_has_every_setting_and_no_other() -> None:
    table = PAGE.partition("## Settings")[2]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name.lower() for cell in first for name in re.findall(r"`([A-Z0-9_]+)`", cell)} == set(
        Open311Options.model_fields
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keys", "app"),
        ("keys", "app:short"),
        ("keys", "App:a-key-of-twenty-letters"),
        ("trusted", "a b"),
        ("list", "no"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(WrongDoorSettingsError, match=f"GRID36_DOOR_OPEN311_{name.upper()}") as wrong:
        read_options(Open311Options, "open311", {name: value})
    assert value not in str(wrong.value)
