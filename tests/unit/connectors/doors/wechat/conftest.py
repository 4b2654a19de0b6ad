"""WeChat as tests hold it: the platform's fake, and the door's settings that lead there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.contract import PlatformSetup
from tests.worlds.weixin.cloud import ID, SECRET, WeixinCloud, cloud
from tests.worlds.weixin.phones import CALLBACK_TOKEN, KEY


@pytest.fixture
async def wechat() -> AsyncIterator[WeixinCloud]:
    """The platform."""
    async with cloud(wechat=True) as made:
        yield made


@pytest.fixture
def setup(wechat: WeixinCloud, tmp_path: Path) -> PlatformSetup:
    """The settings of an account there."""
    options = {"app": ID, "secret": SECRET, "token": CALLBACK_TOKEN, "key": KEY}
    return PlatformSetup("wechat", tmp_path, options | {"url": wechat.address})
