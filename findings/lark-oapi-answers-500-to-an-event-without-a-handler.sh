#!/usr/bin/env bash
# lark-oapi 1.7.5 (Feishu's own SDK): a bot that handles messages gets one, then the event that somebody has read it,
# which its console subscribes to beside it; then the same message again, as the platform sends what was not answered
# in time.
# Guess: an event that nobody handles is answered with 200 and forgotten; an event that comes twice is handled once.
# Seen:  the event without a handler is answered with 500, as if it had failed; the message that comes again is handled
#        again.
# So:    register a handler that does nothing for every event that the console sends, and keep the ids of events.
. "$(dirname "$0")/kafka.sh"
packages lark-oapi==1.7.5
cat >"$FOLDER/events.py" <<'P'
import json
import logging

import lark_oapi
from lark_oapi.core.model import RawRequest

logging.disable(logging.CRITICAL)
handled = []
dispatcher = lark_oapi.EventDispatcherHandler.builder("", "").register_p2_im_message_receive_v1(handled.append).build()


def status(kind, number, event):
    """Status of the answer to one event."""
    request = RawRequest()
    request.uri, request.headers = "/hook", {"content-type": "application/json"}
    header = {"event_id": number, "event_type": kind, "create_time": "1796000000000", "token": "", "app_id": "a"}
    request.body = json.dumps({"schema": "2.0", "header": header, "event": event}).encode()
    return dispatcher.do(request).status_code


MESSAGE = {"message": {"message_id": "m", "message_type": "text", "content": '{"text": "greasy pavement"}'}}
print("a message", status("im.message.receive_v1", "e1", MESSAGE))
print("it was read", status("im.message.message_read_v1", "e2", {"reader": {}}))
print("the message again", status("im.message.receive_v1", "e1", MESSAGE))
print("handled", len(handled), "times")
P
SEEN=$("$FOLDER/venv/bin/python" "$FOLDER/events.py")
echo "$SEEN"
[ "$SEEN" = 'a message 200
it was read 500
the message again 200
handled 2 times' ]
