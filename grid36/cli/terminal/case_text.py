"""Prints a case for people (`grid36 case`)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.names import SpokenNames
from grid36.cli.terminal.phrases import label, padded, phrase
from rules.book.labels import STATE_NAMES, STEP_NAMES, URGENT_NAMES
from schemas.case import State, UrgentBy
from schemas.days import days_between
from schemas.joint import ReportInStep
from schemas.names import Language, Name
from schemas.place import PlaceFound
from schemas.place_words import elsewhere_words
from texts.catalogue import say


def show_case(answer: dict[str, Any], names: SpokenNames) -> None:
    """State, alerts, and the whole timeline; times in the zone of the region."""
    row, zone, language = answer["case"], ZoneInfo(names.region.zone), names.language
    place = row.get("place", {})
    state = STATE_NAMES[State(row["state"])].to(language)
    click.echo(f"{row['number']}  {state}  {names.category(row.get('category', ''))}  {place.get('label', '')}")
    places = elsewhere_words(PlaceFound.model_validate(place)) if place.get("elsewhere") else None
    made_of = Name(**row["due_made_of"]).to(language) if "due_made_of" in row else None
    shown = {
        "places_differ": places.to(language) if places else None,
        "subcategory": names.subcategory(row.get("subcategory", "")),
        "urgent_by": ", ".join(URGENT_NAMES[UrgentBy(each)].to(language) for each in row.get("urgent_by", ())),
        "assignee": row.get("assignee"),
        "executor": row.get("executor"),
        "department": names.department(row.get("department") or {}),
        "due": _time(row.get("due_ms"), zone),
        "counted_as": made_of,
        "milestones": ", ".join(_milestone(step, zone, language) for step in row.get("milestones", ())),
        "hops": row.get("hops"),
        "took": _took(row, zone, language),
    }
    for name, value in shown.items():
        if value not in {None, ""}:
            line(label(name, language), value)
    for assist in row.get("assists", ()):
        line(label("called", language), _assist(assist, zone, names))
    _show_signs(answer, zone, language)
    for event in answer["timeline"]:
        when = _time(event.get("occurred_ms", event["t_ms"]), zone)
        what, who = names.word("event", event["type"]), names.word("by", event["by"])
        click.echo(f"  {when}  {padded(what, 20)} {padded(who, 16)} {event.get('why', '')}")
    for words in answer["words"]:
        click.echo(f"  “{words['text']}” {words['by']} {len(words['photos']) or ''}")


def line(name: str, value: object) -> None:
    """A row of an answer."""
    click.echo(f"  {padded(name, 15)}{value}")


def _show_signs(answer: dict[str, Any], zone: ZoneInfo, language: Language) -> None:
    """The alerts."""
    look = label("look", language)
    for alert in answer["case"].get("alerts", ()):
        line(look, say(language, f"command.alert.{alert}"))
    for reuse in answer.get("reused_photos", ()):
        line(
            look,
            phrase(
                "photo_like" if reuse.get("alike") else "photo_of",
                language,
                case=reuse["case"],
                at=_time(reuse["first_ms"], zone),
            ),
        )
    if more := answer.get("reused_photos_more"):
        line(look, phrase("photo_more", language, n=more))
    for other in answer.get("possible_duplicates", ()):
        near = "metres" in other
        apart = phrase("metres", language, m=other["metres"]) if near else phrase("on_segment", language)
        line(label("maybe", language), f"{other['case']}  {other['place']}  {apart}")
        if "act" in other:
            line("", phrase("to_join", language, act=other["act"]))


def _milestone(step: dict[str, Any], zone: ZoneInfo, language: Language) -> str:
    """`fence off by 08-01 12:00`, or when it was reached."""
    name = Name(**step["name"]).to(language)
    if "done_ms" in step:
        return phrase("step_done", language, what=name, at=_time(step["done_ms"], zone))
    return phrase("step_due", language, what=name, at=_time(step["due_ms"], zone))


def _assist(assist: dict[str, Any], zone: ZoneInfo, names: SpokenNames) -> str:
    """`供水公司 (water-supply): sign 08-01 12:00, contact by 08-02 09:00 missed; 3 3 3`."""
    steps, language = [], names.language
    for step, due_ms in assist["due"].items():
        done_ms, name = assist.get("done", {}).get(step), STEP_NAMES[ReportInStep(step)].to(language)
        at = phrase("step_due", language, what=name, at=_time(due_ms, zone))
        if done_ms is not None:
            at = phrase("step_done", language, what=name, at=_time(done_ms, zone))
        steps.append(at + (phrase("missed", language) if step in assist.get("missed", ()) else ""))
    scores = assist.get("scores")
    rated = f"; {' '.join(str(mark) for mark in scores.values())}" if scores else ""
    return f"{names.department(assist['department'])} ({assist['department']['code']}): {', '.join(steps)}{rated}"


def _took(row: dict[str, Any], zone: ZoneInfo, language: Language) -> str | None:
    if row.get("resolved_ms") is None:
        return None
    if row.get("by_day"):
        return phrase("days", language, n=days_between(row["submitted_ms"], row["resolved_ms"], zone))
    seconds = (row["resolved_ms"] - row["submitted_ms"]) / 1000
    took = f"{int(seconds // 60)}:{int(seconds % 60):02d}"
    return phrase("minutes", language, took=took, waited=row.get("verifying_ms", 0) // 60_000)


def _time(ms: int | None, zone: ZoneInfo) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
