"""What is posted for a reply."""

import json

from connectors.doors.webhook.payload import body_of, lane_of, message_id
from connectors.replies.reply import Recipient, Reply
from connectors.standard_webhooks.signatures import ID
from schemas.event import EventType
from schemas.names import Language
from tests.worlds.doors import CASE, T0, event

NOW = {"state": "dispatched", "assignee": "p1", "reporter": "app-7"}


def test_an_event_in_the_language_of_the_reporter_without_the_names_of_others() -> None:
    reply = Reply(
        "0-3/webhook/app-7", Recipient("webhook", "app-7", "reporter", "r1", Language.EN), CASE,
        event(3, EventType.DISPATCHED, now=NOW),
    )  # fmt: skip
    body = json.loads(body_of(reply))
    assert (body["type"], body["timestamp"]) == ("case.dispatched", "2025-11-22T08:26:40.003000Z")
    assert body["data"] == {
        "id": reply.id, "report": "r1", "reporter": "app-7", "relation": "reporter", "language": "en", "case": CASE,
        "event": "dispatched", "t_ms": T0 + 3, "why": "row one of the list", "now": {"state": "dispatched"},
    }  # fmt: skip


def test_reports_of_nobody_do_not_wait_for_each_other() -> None:
    def reply(person: str, report: str) -> Reply:
        to = Recipient("webhook", person, "reporter", report, Language.EN)
        return Reply("0-3/webhook", to, CASE, event(3, EventType.DISPATCHED))

    assert lane_of(reply("app-7", "r1")) == lane_of(reply("app-7", "r2"))
    assert lane_of(reply("anonymous", "r1")) != lane_of(reply("anonymous", "r2"))


def test_the_id_of_a_message_is_the_same_each_time_and_fits_a_header() -> None:
    assert message_id("0-3/webhook/李") == message_id("0-3/webhook/李")
    assert ID.fullmatch(message_id("0-3/webhook/李"))
