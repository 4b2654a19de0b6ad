"""How `grid36 case` tells a case to people."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from schemas.case import Alert
from schemas.days import days_between
from schemas.place import PlaceFound
from schemas.place_words import elsewhere_words

ALERTS = {
    Alert.HOPS: "it changed hands more than once 多次转派",
    Alert.SAME_PHOTO: "its after-photo was handed in for it before 处置后照片与之前的照片相同",
}
WITH_VALUE = "  {:<14} {}"


def _milestone(step: dict[str, Any], zone: ZoneInfo) -> str:
    """`fence off by 08-01 12:00`, or when it was reached."""
    name = step["name"].get("en") or step["name"]["zh"]
    how = f"reached {_time(step['done_ms'], zone)}" if "done_ms" in step else f"by {_time(step['due_ms'], zone)}"
    return f"{name} {how}"


def show_case(answer: dict[str, Any], zone_name: str) -> None:
    """Where it stands, what is worth a look, and everything that happened; times in the zone of that name."""
    row, zone = answer["case"], ZoneInfo(zone_name)
    place = row.get("place", {})
    click.echo(f"{row['number']}  {row['state']}  {row.get('category', '')}  {place.get('label', '')}")
    places = elsewhere_words(PlaceFound.model_validate(place)) if place.get("elsewhere") else None
    shown = {
        "places differ": f"{places.en} {places.zh}" if places else None,
        "subcategory": row.get("subcategory"),
        "urgent by": ", ".join(row.get("urgent_by", ())),
        "assignee": row.get("assignee"),
        "department": (row.get("department") or {}).get("name"),
        "due": _time(row.get("due_ms"), zone),
        "counted as": "{en} {zh}".format(**row["due_made_of"]) if "due_made_of" in row else None,
        "milestones": ", ".join(_milestone(step, zone) for step in row.get("milestones", ())),
        "hops": row.get("hops"),
        "time to resolution": _minutes(row, zone),
    }
    for name, value in shown.items():
        if value not in {None, ""}:
            click.echo(WITH_VALUE.format(name, value))
    for assist in row.get("assists", ()):
        click.echo(WITH_VALUE.format("called", _assist(assist, zone)))
    for alert in row.get("alerts", ()):
        click.echo(WITH_VALUE.format("look at this", ALERTS[alert]))
    for reuse in answer.get("reused_photos", ()):
        told = f"its after-photo was used for {reuse['case']} at {_time(reuse['first_ms'], zone)}"
        click.echo(WITH_VALUE.format("look at this", told))
    for other in answer.get("possible_duplicates", ()):
        apart = f"{other['metres']} m away" if "metres" in other else "on the same segment"
        click.echo(WITH_VALUE.format("maybe same", f"{other['case']}  {other['place']}  {apart}"))
        if "act" in other:
            click.echo(WITH_VALUE.format("", f"to join them: {other['act']}"))
    for event in answer["timeline"]:
        when = _time(event.get("occurred_ms", event["t_ms"]), zone)
        click.echo(f"  {when}  {event['type']:<20} {event['by']:<16} {event.get('why', '')}")
    for words in answer["words"]:
        click.echo(f"  “{words['text']}” {words['by']} {len(words['photos']) or ''}")


def _assist(assist: dict[str, Any], zone: ZoneInfo) -> str:
    """`供水公司 (water-supply): sign 08-01 12:00, contact by 08-02 09:00 missed; rated 3 3 3`."""
    steps = []
    for step, due_ms in assist["due"].items():
        done_ms = assist.get("done", {}).get(step)
        at = f"by {_time(due_ms, zone)}" if done_ms is None else _time(done_ms, zone)
        steps.append(f"{step} {at}" + (" missed" if step in assist.get("missed", ()) else ""))
    scores = assist.get("scores")
    rated = f"; rated {' '.join(str(mark) for mark in scores.values())}" if scores else ""
    return f"{assist['department']['name']} ({assist['department']['code']}): {', '.join(steps)}{rated}"


def _minutes(row: dict[str, Any], zone: ZoneInfo) -> str | None:
    if row.get("resolved_ms") is None:
        return None
    if row.get("by_day"):
        return f"{days_between(row['submitted_ms'], row['resolved_ms'], zone)} days; the source gives no hours"
    seconds = (row["resolved_ms"] - row["submitted_ms"]) / 1000
    waited = row.get("verifying_ms", 0) // 60_000
    return f"{int(seconds // 60)}:{int(seconds % 60):02d} min, and {waited} min waiting for verification"


def _time(ms: int | None, zone: ZoneInfo) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
