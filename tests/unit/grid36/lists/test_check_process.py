"""A check or a conversion that runs too long, or ends badly, is ended and said; nothing of it is left."""

from datetime import date
from pathlib import Path

import pytest

from connectors.lists.errors import CheckFailed, CheckTooLong
from grid36.files.dmn.write import write_dmn
from grid36.lists.check_process import ListChecks
from grid36.lists.job_folder import CheckJob, Conversion
from grid36.system.create import KnownSystem
from schemas.names import Language
from schemas.system import System
from tests.strategies.broken_books import example

REGION, BOOK = example()
KNOWN = KnownSystem(system=System(partitions=1, region="r", rulebook="b"), region=REGION, rulebook=BOOK)
CONVERSION = Conversion(language=Language.EN)


def job(folder: Path) -> CheckJob:
    return CheckJob(on=date(2026, 12, 1), t_ms=1, language=Language.EN, ledger=str(folder / "none.sqlite"))


async def test_a_check_has_a_limit(tmp_path: Path) -> None:
    checks = ListChecks(tmp_path / "checks", limit_s=0.01)
    with pytest.raises(CheckTooLong):
        await checks.check(job(tmp_path), KNOWN, BOOK.model_dump_json())
    with pytest.raises(CheckTooLong):
        await checks.convert(CONVERSION, BOOK.model_dump_json(), write_dmn(BOOK))
    assert list((tmp_path / "checks").iterdir()) == []


async def test_a_check_that_breaks_is_said(tmp_path: Path) -> None:
    checks = ListChecks(tmp_path / "checks")
    with pytest.raises(CheckFailed):
        await checks.check(job(tmp_path), KNOWN, "{}")
    with pytest.raises(CheckFailed):
        await checks.convert(CONVERSION, "{}")
    assert list((tmp_path / "checks").iterdir()) == []


def test_what_a_killed_gateway_left_is_gone(tmp_path: Path) -> None:
    (tmp_path / "checks" / "tmp1").mkdir(parents=True)
    ListChecks(tmp_path / "checks")
    assert not (tmp_path / "checks").exists()
