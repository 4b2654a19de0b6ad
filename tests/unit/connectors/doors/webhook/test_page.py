"""The page of the door: its example works, and it has every setting."""

import asyncio
import os
import re
import sys
from functools import partial
from pathlib import Path

from connectors.chat.options import read_options
from connectors.doors.contract import Hook
from connectors.doors.webhook.options import WebhookOptions
from connectors.doors.webhook.receiving import Receiving
from connectors.intake.accept import accept
from schemas.codec import decode
from schemas.report import Report
from tests.worlds.doors import doors
from tests.worlds.webhook_partner import SECRET
from texts.catalogue import ROOT

PAGE = (ROOT.parent / "docs" / "connect" / "webhook.md").read_text(encoding="utf-8")


async def test_the_example_reports(tmp_path: Path) -> None:
    """As a program of its own, with nothing of ours."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(example.strip().splitlines()) <= 15
    script, hooks = tmp_path / "example.py", dict[str, Hook]()
    script.write_text(example, encoding="utf-8")
    async with doors(tmp_path / "home", hooks=hooks) as found:
        options = read_options(WebhookOptions, "webhook", {"secret": SECRET})
        accepting = partial(accept, found.gateway, ("webhook",))
        hooks["webhook"] = Receiving("webhook", options, found.gateway, accepting).handle
        environment = {**os.environ, "ADDRESS": str(found.client.make_url("/doors/webhook/reports")), "SECRET": SECRET}
        command = (sys.executable, "-I", str(script))
        running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        printed, _ = await running.communicate()
        (stored,) = found.stored()
    report = decode(Report, stored.row.value)
    assert (running.returncode, printed.decode().strip()) == (0, report.id)
    assert (report.text, report.reporter.id) == ("pothole", "app-7")


def test_it_has_every_setting_and_no_other() -> None:
    table = PAGE.partition("## Settings")[2]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name.lower() for cell in first for name in re.findall(r"`([A-Z_]+)`", cell)} == set(
        WebhookOptions.model_fields
    )
