"""The settings of the door and its page."""

import re
from pathlib import Path

from connectors.doors.feishu.options import FeishuOptions
from texts.catalogue import ROOT

PAGE: Path = ROOT.parent / "docs" / "connect" / "feishu.md"


def test_the_page_has_every_setting_and_no_other() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name.lower() for cell in first for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert named == set(FeishuOptions.model_fields)


def test_what_the_conversation_may_use() -> None:
    options = FeishuOptions.model_validate({"app": "cli_1", "secret": "s", "key": "k", "token": "t", "buttons": "3"})
    assert (options.features.buttons, options.features.pins, options.features.positions) == (3, False, True)
