"""Feishu as tests hold it: the platform's fake, and the door's settings that lead there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.contract import PlatformSetup
from tests.worlds.feishu.cloud import APP, SECRET, FeishuCloud, cloud
from tests.worlds.feishu.phones import ENCRYPT_KEY, TOKEN


@pytest.fixture
async def feishu() -> AsyncIterator[FeishuCloud]:
    """The platform."""
    async with cloud() as made:
        yield made


@pytest.fixture
def setup(feishu: FeishuCloud, tmp_path: Path) -> PlatformSetup:
    """The settings of an application there."""
    options = {"app": APP, "secret": SECRET, "token": TOKEN, "key": ENCRYPT_KEY, "url": feishu.address}
    return PlatformSetup("feishu", tmp_path, options)
