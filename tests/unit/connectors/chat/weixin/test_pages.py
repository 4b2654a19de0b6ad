"""The pages on how to connect a bot name every setting, with its default, and no other."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from connectors.doors.wechat.options import WechatOptions
from connectors.doors.wecom.options import WecomOptions
from connectors.doors.wecom_robot.options import RobotOptions
from schemas.datum import Datum

PAGES = Path(__file__).resolve().parents[5] / "docs" / "connect"


@pytest.mark.parametrize(
    ("page", "options"), [("wecom", WecomOptions), ("wechat", WechatOptions), ("wecom-robot", RobotOptions)]
)
def test_a_page_names_every_setting_with_its_default(page: str, options: type[BaseModel]) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    table = text.partition("## Settings")[2].partition("\n## ")[0]
    rows = [(row.split("|")[1], row.split("|")[2]) for row in table.splitlines() if row.startswith("| `")]
    named = {name: default for names, default in rows for name in re.findall(r"[A-Z_]+", names)}
    assert {name.lower() for name in named} == set(options.model_fields)
    for names, defaults in rows:
        known = [options.model_fields[name.lower()].default for name in re.findall(r"[A-Z_]+", names)]
        shown = [_shown(each) for each in known if isinstance(each, str | bool | int | float)]
        assert re.findall(r"[^`, ]+", defaults) == shown


def _shown(default: object) -> str:
    if isinstance(default, Datum):
        return default.value
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)
