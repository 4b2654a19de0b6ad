"""hot-spots: the places of the page of hot spots, as a table, CSV or JSON."""

import sys
import time
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import click

from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.exposure import PLACE_KINDS, usual_places
from connectors.ledger.queries.recurrence.found import FoundSpots, SpotQuestion, found_spots
from connectors.ledger.queries.recurrence.remedies import current_remedies
from connectors.ledger.queries.recurrence.spots import Season
from connectors.ledger.queries.stats import KINDS
from connectors.pages.recurrence.asked import HotSpotsAsked
from connectors.pages.recurrence.lines import Called, fields_of, lines_of, times
from connectors.pages.statistics.csv_lines import csv_pieces
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import misuse_of
from grid36.cli.terminal.phrases import padded
from grid36.settings import Settings
from grid36.system.create import kept, region_of, rulebook_of
from schemas.days import day_of
from schemas.names import Language, Name
from schemas.region import Region
from schemas.remit import WHOLE
from texts.catalogue import say as said


@command("hot-spots", help="command.hot_spots.help")
@option("--by", type=click.Choice(PLACE_KINDS), help="command.hot_spots.by")
@option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="command.hot_spots.kind")
@option("--from", "begin", help="command.hot_spots.from")
@option("--to", "end", help="command.hot_spots.to")
@option("--csv", "as_csv", is_flag=True, help="command.hot_spots.csv")
@as_json
def hot_spots(by: str | None, kind: str, begin: str | None, end: str | None, as_csv: bool, as_json: bool) -> None:
    """Where more is reported than chance explains."""
    settings = settings_of()
    language, region = Language(settings.lang), region_of(settings)
    zone, given = ZoneInfo(region.zone), {"by": by or "", "kind": kind, "from": begin or "", "to": end or ""}
    try:
        asked = HotSpotsAsked.of(given, day_of(round(time.time() * 1000), zone), usual_places(region))
    except Refused as refusal:
        raise misuse_of(refusal) from None
    ledger = Ledger(settings.ledger_address)
    found = found_spots(ledger, SpotQuestion(asked.by, kind, asked.period, zone, WHOLE), region)
    places, categories = _places(region, asked.by), _categories(settings)
    lines = lines_of(
        found.spots, asked.by, kind, current_remedies(ledger), _called(places, language), _called(categories, language)
    )
    if as_csv:
        sys.stdout.buffer.write(b"".join(csv_pieces(fields_of(asked.by), lines)))
        return
    rows = [dict(zip(fields_of(asked.by), line, strict=True)) for line in lines]
    answer = {
        **asked.values,
        "zone": zone.key,
        "by_area": found.by_area,
        "elsewhere": found.spots.elsewhere,
        "hot_spots": rows,
    }
    say(answer, as_json, lambda _: _show(asked, found, places, categories, language))


def _show(
    asked: HotSpotsAsked,
    found: FoundSpots,
    places: Mapping[str, Name],
    categories: Mapping[str, Name],
    language: Language,
) -> None:
    """Numbers first, so that they stay aligned whatever the width of names."""

    def word(key: str, **facts: object) -> str:
        return said(language, f"recurrence.{key}", **facts)

    place, category = _called(places, language), _called(categories, language)
    click.echo(word("caption", first=asked.period.first, last=asked.period.last))
    for each in found.spots.found:
        before = "–" if each.season is Season.UNKNOWN else str(each.year_ago)
        numbers = (str(each.cases), f"{each.expected:.1f}", word("times", n=f"{times(each):.1f}"), f"{each.false:.0e}")
        columns = [padded(text, 11, right=True) for text in (*numbers, before)]
        season = padded(word(f"season.{each.season}"), 22)
        click.echo(f"{''.join(columns)}  {season} {place(each.place)} · {category(each.category)}")
    if found.spots.found:
        heads = ("cases", "expected", "times_head", "chance", "year_ago")
        click.echo("  ".join(f"{n}: {word(f'head.{head}')}" for n, head in enumerate(heads, 1)))
        click.echo(word(f"defined.expected.{'area' if found.by_area else asked.by}"))
    else:
        click.echo(word(f"none.{asked.by}"))
    if found.spots.elsewhere:
        click.echo(word(f"elsewhere.{asked.by}", n=found.spots.elsewhere))


def _called(names: Mapping[str, Name], language: Language) -> Called:
    return lambda key: names[key].to(language) if key in names else key


def _places(region: Region, by: str) -> dict[str, Name]:
    """Names as on the page: with the id, by which parts of one road differ."""
    named = [(each.id, each.road) for each in region.segments]
    if by == "grid":
        named = [(each.id, each.name) for each in region.grids]
    return {id: Name.joined(" ", " ", (name, Name.same(id))) for id, name in named}


def _categories(settings: Settings) -> dict[str, Name]:
    known = kept(settings)
    past = known.past_names.get("category", {}) if known is not None else {}
    return past | {each.id: each.name for each in rulebook_of(settings).filed}
