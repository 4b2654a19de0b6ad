"""The programs of `docs/connect/proof.md`, cut from the page, compute what we compute."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.proof import Entry, account_of

PAGE = Path(__file__).parents[4] / "docs" / "connect" / "proof.md"
PROGRAMS = {
    name: text for text, name in re.findall(r"```(?:python|js)\n((?:#|//) (\S+)\n.*?)```", PAGE.read_text(), re.DOTALL)
}
WITH = {"account.py": sys.executable, "account.mjs": shutil.which("node")}
ORDERS = """\
water/供水-G1-2611-00001/2\t供水-G1-2611-00001\t2026-11-18T16:00:00.000Z
water/供水-G1-2611-00001/10\t供水-G1-2611-00001\t2026-11-19T15:59:59.999Z
water/供水-G1-2611-00001/9\t供水-G1-2611-00001\t2026-11-19T01:00:00.000Z
water/T-G1-2611-00002/4\tT-G1-2611-00002\t2026-11-19T01:00:00.000Z
water/T-G1-2611-00002/4/finished\tT-G1-2611-00002\t2026-11-19T02:00:00.000Z
water/T-G1-2611-00003/2\tT-G1-2611-00003\t2026-11-18T15:59:59.999Z
water/T-G1-2611-00003/3\tT-G1-2611-00003\t2026-11-19T16:00:00.000Z
"""
COUNTED = (
    Entry("water/供水-G1-2611-00001/10", "供水-G1-2611-00001"),
    Entry("water/T-G1-2611-00002/4/finished", "T-G1-2611-00002"),
)


@pytest.mark.parametrize("name", sorted(WITH))
def test_a_day_of_orders_has_our_digest(name: str, tmp_path: Path) -> None:
    assert set(PROGRAMS) == set(WITH)
    runs = WITH[name]
    if runs is None:
        pytest.skip("no Node.js here")
    (tmp_path / name).write_text(PROGRAMS[name])
    for orders, counted in ((ORDERS, COUNTED), ("", ())):
        command = [runs, name, "2026-11-19", "Asia/Shanghai"]
        told = subprocess.run(command, input=orders.encode(), cwd=tmp_path, capture_output=True, check=True, timeout=60)
        account = account_of(counted)
        assert told.stdout.decode().split() == [str(account.count), account.digest]
