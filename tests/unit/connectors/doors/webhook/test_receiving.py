"""The way in, over a real connection and through the HTTP door."""

import base64
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.chat.options import read_options
from connectors.doors.contract import Hook
from connectors.doors.webhook.options import WebhookOptions
from connectors.doors.webhook.receiving import Receiving
from connectors.intake.accept import accept
from schemas.codec import decode
from schemas.report import Report, Supplement
from tests.worlds.doors import Doors, doors, picture
from tests.worlds.webhook_partner import OLD_SECRET, SECRET, signed

OPTIONS = read_options(
    WebhookOptions, "webhook", {"secret": SECRET, "secret_before": OLD_SECRET, "body_bytes": "200000"}
)


class Sender:
    """A program that signs."""

    def __init__(self, found: Doors) -> None:
        self.doors = found

    async def post(self, fields: object, id: str = "m1", where: str = "reports", **more: Any) -> tuple[int, Any]:
        body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
        headers = signed(body, id, **{name: more[name] for name in ("secret", "t_s") if name in more})
        headers |= {"Accept-Language": more.get("language", "en")} | more.get("headers", {})
        async with self.doors.client.post(f"/doors/webhook/{where}", data=body, headers=headers) as answer:
            return answer.status, await answer.json()

    @property
    def reports(self) -> list[Report]:
        return [decode(Report, each.row.value) for each in self.doors.stored()]


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    hooks: dict[str, Hook] = {}
    async with doors(tmp_path, hooks=hooks) as found:
        hooks["webhook"] = Receiving(
            "webhook", OPTIONS, found.gateway, partial(accept, found.gateway, ("webhook",))
        ).handle
        yield Sender(found)


REPORT = {"text": "pothole", "reporter": "app-7", "lat": 24.05, "lon": 118.05, "datum": "wgs84", "category": "litter"}


async def test_a_report_is_accepted(sender: Sender) -> None:
    status, answer = await sender.post(REPORT)
    (report,) = sender.reports
    assert (status, answer) == (202, {"report": report.id})
    assert (report.text, report.door, report.reporter.id, report.category) == ("pothole", "webhook", "app-7", "litter")


async def test_the_same_id_is_accepted_once(sender: Sender) -> None:
    """Signed anew or replayed; with other words it is a mistake of the sender."""
    first, again = await sender.post(REPORT), await sender.post(REPORT)
    status, other = await sender.post(REPORT | {"text": "lamp"})
    assert (first, len(sender.reports)) == (again, 1)
    assert (status, other["error"]) == (409, "other_content")


async def test_photos_come_in_base64(sender: Sender) -> None:
    encoded = base64.b64encode(picture()).decode()
    status, _ = await sender.post({"text": "fixed", "photos": [encoded], "after_photos": [encoded]})
    assert (status, [len(each.photos) + len(each.after_photos) for each in sender.reports]) == (202, [2])


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"photos": "abc"}, "wrong_type"),
        ({"photos": [7]}, "wrong_type"),
        ({"photos": ["%"]}, "photo_unreadable"),
        ({"photos": [""]}, "photo_unreadable"),
        ({"photos": ["ü"]}, "photo_unreadable"),
        ({"photos": [base64.b64encode(b"no picture").decode()]}, "photo_unreadable"),
        ({"photos": [""] * 11}, "too_many_photos"),
        ({"text": ""}, "nothing_said"),
        ({"txt": "x"}, "unknown_field"),
        ({"text": "x", "id": "r1"}, "set_by_door"),
        ({"text": "x", "door": "web"}, "set_by_door"),
        ({"text": "x", "lat": 1}, "half_coordinates"),
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"[]", "not_an_object"),
    ],
)
async def test_what_is_wrong_is_explained(sender: Sender, fields: Any, error: str) -> None:
    status, answer = await sender.post(fields)
    assert (status, answer["error"], sender.reports) == (400, error, [])


async def test_all_mistakes_at_once_in_the_language_of_the_sender(sender: Sender) -> None:
    _, answer = await sender.post({"txt": "x", "category": "no-such", "text": "x"}, language="zh-CN")
    assert {each["error"] for each in answer["faults"]} >= {"unknown_field"}
    assert "字段" in answer["message"]


async def test_a_supplement_names_its_report(sender: Sender) -> None:
    _, first = await sender.post(REPORT)
    status, answer = await sender.post({"report": first["report"], "text": "near the gate"}, "m2", "supplements")
    supplement = decode(Supplement, sender.doors.stored()[1].row.value)
    assert (status, answer["supplement"], supplement.report) == (202, supplement.id, first["report"])


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"secret": "whsec_" + base64.b64encode(b"x" * 32).decode()}, "not_signed"),
        ({"headers": {"webhook-id": "m2"}}, "not_signed"),
        ({"headers": {"webhook-signature": "v1,AAAA"}}, "not_signed"),
        ({"t_s": 1_700_000_000}, "signed_at_another_time"),
    ],
)
async def test_who_cannot_sign_is_refused(sender: Sender, more: dict[str, Any], error: str) -> None:
    status, answer = await sender.post(REPORT, **more)
    assert (status, answer["error"], sender.reports) == (401, error, [])


async def test_the_secret_before_is_still_good(sender: Sender) -> None:
    assert (await sender.post(REPORT, secret=OLD_SECRET))[0] == 202


async def test_other_addresses_methods_and_sizes(sender: Sender) -> None:
    assert (await sender.post(REPORT, where="acts"))[1]["error"] == "unknown_page"
    assert (await sender.doors.client.get("/doors/webhook/reports")).status == 405
    status, answer = await sender.post({"text": "x", "photos": ["A" * 200_000]})
    assert (status, answer["error"]) == (413, "body_too_large")
    status, answer = await sender.post({"text": "x" * 70_000})
    assert (status, answer["error"]) == (400, "too_long")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*REPORT, "photos", "attributes", "change", "kind", "x"]), inner, max_size=5)
    ),
    max_leaves=10,
)


@given(JSON, st.sampled_from(["reports", "supplements"]))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_json_is_accepted_or_explained(sender: Sender, fields: object, where: str) -> None:
    status, answer = await sender.post(fields, f"m{hash(repr(fields))}", where)
    assert status == 202 or (status in (400, 409) and answer["message"])
