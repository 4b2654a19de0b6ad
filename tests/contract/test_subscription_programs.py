"""The receiving programs of docs/connect/subscriptions.md, cut from the page, verify what we send and nothing else."""

import asyncio
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from time import time

import pytest
from aiohttp import ClientSession

from bench.pages import free_port, listening
from connectors.standard_webhooks.signatures import key_of
from connectors.subscriptions.documents import document, message_of
from connectors.subscriptions.posting import post
from connectors.subscriptions.rows import new_secret
from grid36.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "connect" / "subscriptions.md").read_text(encoding="utf-8")
NODE = shutil.which("node")
WITH_NODE = pytest.mark.skipif(NODE is None, reason="there is no Node here")


@pytest.mark.parametrize(
    ("language", "command"),
    [("python", [sys.executable, "-u"]), pytest.param("javascript", [NODE], marks=WITH_NODE)],
)
async def test_a_receiver_of_the_page_takes_ours_and_no_forgery(
    language: str, command: list[str], tmp_path: Path
) -> None:
    """One event and a batch are taken; what another secret signed is not."""
    (program,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    file = tmp_path / f"receive.{language}"
    file.write_text(program, encoding="utf-8")
    port, secret = free_port(), new_secret()
    own = {"PATH": os.environ["PATH"], "PORT": str(port), "SECRET": secret}
    receiver = await asyncio.create_subprocess_exec(*command, str(file), env=own, stdout=PIPE, stderr=PIPE)
    try:
        await listening(port, 30)
        one, two = (
            document({"id": f"water/供-1/{n}", "source": "s", "type": "grid36.order", "subject": "供-1"}, data)
            for n, data in enumerate((b'{"state": "dispatched"}', None))
        )
        async with ClientSession() as session:

            async def sent(signer: str, *documents: tuple[str, str, bytes], batch: bool = False) -> str:
                message = message_of("sub_1", documents, batch=batch)  # type: ignore[arg-type]
                url, now_ms = f"http://127.0.0.1:{port}/", int(time() * 1000)
                return (await post(session, url, message, [key_of(signer)], now_ms=now_ms, answer_s=10)).why

            assert await sent(secret, one) == ""
            assert await sent(secret, one, two, batch=True) == ""
            assert await sent(new_secret(), one) != ""
    finally:
        receiver.terminate()
        said, _ = await receiver.communicate()
    assert said.decode().splitlines() == [
        'water/供-1/0 grid36.order "dispatched"',
        'water/供-1/0 grid36.order "dispatched"',
        "water/供-1/1 grid36.order null",
    ]
