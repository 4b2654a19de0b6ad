"""WeCom as tests hold it: the platform's fake, and the door's settings that lead there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.contract import PlatformSetup
from tests.worlds.weixin.cloud import AGENT, ID, SECRET, WeixinCloud, cloud
from tests.worlds.weixin.phones import CALLBACK_TOKEN, KEY


@pytest.fixture
async def wecom() -> AsyncIterator[WeixinCloud]:
    """The platform."""
    async with cloud() as made:
        yield made


@pytest.fixture
def setup(wecom: WeixinCloud, tmp_path: Path) -> PlatformSetup:
    """The settings of an application there."""
    options = {"corp": ID, "agent": str(AGENT), "secret": SECRET, "token": CALLBACK_TOKEN, "key": KEY}
    return PlatformSetup("wecom", tmp_path, options | {"url": wecom.address})
