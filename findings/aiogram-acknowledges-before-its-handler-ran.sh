#!/usr/bin/env bash
# aiogram 3.31.0: the webhook handler for aiohttp, with a message handler that takes a moment and then fails.
# Guess: Telegram gets its answer when the handler is done; where the handler fails, an error, so that the update comes
#        again.
# Seen:  by default the answer is 200 before the handler has done anything. What it raises, or a process killed in
#        between, loses the message: Telegram never sends an update again once it was answered. With
#        handle_in_background=False the answer waits, and is 500 when the handler fails.
# So:    set handle_in_background=False wherever a handler must store a message before it counts as received.
. "$(dirname "$0")/kafka.sh"
packages aiogram==3.31.0
cat >"$FOLDER/webhook.py" <<'P'
import asyncio
import logging

from aiogram import Bot, Dispatcher
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

logging.disable(logging.CRITICAL)  # the handler fails on purpose
UPDATE = {
    "update_id": 1,
    "message": {"message_id": 5, "date": 1796000000, "chat": {"id": 1, "type": "private"}, "text": "greasy pavement"},
}


async def answer(**options):
    """Status of the answer, and whether the handler had run by then."""
    dispatcher, ran = Dispatcher(), []

    @dispatcher.message()
    async def store(message):
        await asyncio.sleep(0.3)
        ran.append(message)
        raise OSError("the store is away")

    app = web.Application()
    SimpleRequestHandler(dispatcher, Bot("1:" + "A" * 35), **options).register(app, path="/hook")
    async with TestClient(TestServer(app)) as client:
        response = await client.post("/hook", json=UPDATE)
        seen = response.status, bool(ran)
        await asyncio.sleep(0.5)
        assert ran
        return seen


async def main():
    print("by default            ", *await answer())
    print("not in the background ", *await answer(handle_in_background=False))


asyncio.run(main())
P
SEEN=$("$FOLDER/venv/bin/python" "$FOLDER/webhook.py")
echo "$SEEN"
[ "$SEEN" = 'by default             200 False
not in the background  500 True' ]
