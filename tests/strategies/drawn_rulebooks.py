"""Whole rulebooks and reports drawn together: every hit policy, free attributes, joint and limits tables."""

from random import Random
from typing import Any, Final

from schemas.place import PlaceFound
from schemas.report import Report
from schemas.rulebook import Rulebook
from schemas.table import MAX_INT, Fact, Facts, Table, kind_of
from tests.strategies.drawn_tables import TEXTS
from tests.worlds.street import CLEAN, IN_G2, ON_S1, ON_S2, PHOTO, T0, a_report

CATEGORIES: Final = ["greasy", "tree", *TEXTS[4:9], "长" * 200, "other"]
ITEMS: Final = ["I1", "I2", "I3", "I4"]
ATTRIBUTES: Final = {"land": ["forest", "park", "1", '"'], "use": ["yes", "no", "长" * 60]}
PARTS: Final = {"fallen": "tree", "oil": "greasy", '{"oil': "greasy", "长" * 199: "长" * 200}
PEOPLE: Final = ["owner-1", "head-1", "office", "nobody-there"]
PLACES: Final[tuple[PlaceFound | None, ...]] = (
    ON_S1,
    ON_S2,
    IN_G2,
    ON_S1.model_copy(update={"distance_m": 7.4, "road": "测试路", "unit": "U1", "land_kind": "bank"}),
    None,
)
VALUES: Final[dict[str, list[Fact]]] = {
    "category": list(CATEGORIES),
    "subcategory": list(PARTS),
    "kind": ["problem", "question", "complaint"],
    "urgency": ["normal", "urgent"],
    "land_kind": ["bank", "forest"],
    "reporter_kind": ["resident", "patroller"],
    "grid": ["G1", "G2", "U"],
    "segment": ["S1", "S2"],
    "unit": ["U1"],
    "road": ["测试路", "样例路", "{"],
    "door": ["web", "cli"],
    "attr_land": list(ATTRIBUTES["land"]),
    "attr_use": list(ATTRIBUTES["use"]),
    "hour": [0, 8, 11, 19, 23],
    "weekday": [1, 3, 7],
    "month": [1, 11],
    "distance_m": [-MAX_INT, 0, 6, 7, 8, MAX_INT],
    "returned": [0, 1, 2],
}
LIMITS: Final = ["30m", "4h", "2d", "3uh", "4wh", "2wd", "sd"]
STEPS: Final = ["fence", "repair", "cut-off"]


def drawn_rulebook(random: Random, rows: int = 40) -> Rulebook:
    """A valid rulebook for the tiny street of the tests; it may be full of gaps, conflicts and empty desks."""
    return Rulebook.model_validate(
        {
            "name": "drawn",
            "default_category": "other",
            "level": random.choice(["village", "street"]),
            "categories": [_category(random, name) for name in CATEGORIES],
            "subcategories": [
                {"id": name, "category": category, "name": {"zh": "子类"}, "words": [name[:6]], "urgent": name == "oil"}
                for name, category in PARTS.items()
            ],
            "items": [item for name in ITEMS for item in _item(random, name)],
            "routing": _table(random, "routing", random.choice("UFPA"), rows, _routing),
            "joint": random.choice([None, _table(random, "joint", "C", rows // 4, _joint)]),
            "limits": random.choice([None, _table(random, "limits", random.choice("FPAU"), rows // 2, _row_limits)]),
            "attributes": [_attribute(name, values) for name, values in ATTRIBUTES.items()],
            "policy": {
                "urgent_words": ["w200", "别的"],
                "off_list": random.choice(["refuse", "approve"]),
                "approver": random.choice([None, "office", "nobody-there"]),
            },
        }
    )


def _category(random: Random, name: str) -> dict[str, Any]:
    merge = random.choice([None, {"radius_m": 30, "window": "2d"}, {"linear": True, "window": "2d"}])
    return {
        "id": name,
        "name": {"zh": name[:5]},
        "words": [] if name == "other" else [name[:6], f"w{len(name)}"],
        "item": random.choice([None, *ITEMS]),
        "merge": merge,
        "limits": _limits(random),
        "milestones": _milestones(random),
    }


def _milestones(random: Random) -> list[dict[str, Any]]:
    steps = random.sample(STEPS, random.choice([0, 0, 1, 3]))
    return [{"id": step, "name": {"zh": step}, "limit": random.choice(LIMITS)} for step in steps]


def _item(random: Random, name: str) -> list[dict[str, Any]]:
    """One to three versions at different levels and with different lives."""
    redirect = {"name": {"zh": "别处"}, "phone": "000"}
    levels: list[str | None] = [None, "village", "street"]
    return [
        {
            "id": name,
            "level": level,
            "name": {"zh": f"事项{name}"},
            "verdict": random.choice(["handle", "handle", "assist", "refuse"]),
            "lead": random.choice([None, "water", "street"]),
            "assists": random.choice([[], ["water"]]),
            "dual": random.random() < 0.2,
            "redirect": random.choice([None, redirect]),
            "limits": random.choice([None, _limits(random)]),
            "life": random.choice(["active", "active", "suspended", "proposed"]),
            "valid_to": random.choice([None, None, "2026-11-01"]),
        }
        for level in random.sample(levels, random.randint(1, 3))
    ]


def _attribute(name: str, values: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": {"zh": name},
        "values": [{"id": value, "name": {"zh": value}, "words": [f"{name}{i}"]} for i, value in enumerate(values)],
    }


def _table(random: Random, name: str, policy: str, rows: int, then: Any) -> dict[str, Any]:
    names = sorted(random.sample(sorted(VALUES), random.randint(2, 6)) + ["category"] * (random.random() < 0.7))
    names = list(dict.fromkeys(names))
    return {
        "name": name,
        "hit_policy": policy,
        "inputs": names,
        "rows": [
            {
                "id": f"{name}-{i}",
                "priority": random.randint(1, 4),
                "when": {n: _cell(random, n) for n in names if random.random() < 0.7},
                "then": then(random),
            }
            for i in range(random.randint(0, rows))
        ],
        "default": random.choice([None, then(random)]),
    }


def _cell(random: Random, name: str) -> Any:
    values = VALUES[name]
    if kind_of(name) == "number" and random.random() < 0.5:
        low, high = sorted(random.choices(values, k=2))
        return random.choice([{"ge": low}, {"le": high}, {"ge": low, "le": high}])
    return random.sample(values, random.randint(1, min(3, len(values))))


def _routing(random: Random) -> dict[str, Any]:
    then: dict[str, Any] = {"assign": random.choice(["segment_owner", "grid_head", "department", *PEOPLE])}
    if random.random() < 0.5:
        then["department"] = random.choice(["water", "street", "unknown"])
    if random.random() < 0.3:
        then["item"] = random.choice(ITEMS)
    if random.random() < 0.2:
        then["offer"] = random.choice(["workers", "volunteers"])
    return then


def _joint(random: Random) -> dict[str, Any]:
    return {"department": random.choice(["water", "street"])}


def _limits(random: Random) -> dict[str, Any]:
    return {name: random.choice(LIMITS) for name in ("accept", "respond", "resolve") if random.random() < 0.6}


def _row_limits(random: Random) -> dict[str, Any]:
    """With what is said of steps; some of it says nothing."""
    told = [f"{step}={random.choice([*LIMITS, 'none', 'soon'])}" for step in STEPS if random.random() < 0.3]
    return _limits(random) | ({"milestones": told} if told else {})


def drawn_facts(random: Random, table: Table) -> Facts:
    """Facts for a table, most of whose values stand in it; some are absent, some are of nobody's making."""
    facts: dict[str, Fact] = {"weather": "not an input"}
    for name in table.kinds():
        form = random.random()
        if form < 0.75:
            facts[name] = random.choice(VALUES[name])
        elif form < 0.9:
            facts[name] = random.choice(TEXTS) if kind_of(name) == "text" else random.randint(-MAX_INT, MAX_INT)
    return facts


def drawn_report(random: Random, name: str) -> tuple[Report, PlaceFound | None]:
    """A report with its place, most of which mean something to a drawn rulebook."""
    words = [*(c[:6] for c in (*CATEGORIES, *PARTS)), "w200", "land0", "land2", "use1", "别的", ""]
    photos = [PHOTO] if random.random() < 0.2 else []
    fields: dict[str, Any] = {
        "text": " ".join(random.sample(words, random.randint(0, 3))),
        "category": random.choice([None, None, *CATEGORIES, *PARTS, "unheard of"]),
        "kind": random.choice(["problem", "problem", "problem", "problem", "question", "complaint"]),
        "attributes": {n: random.choice([*v, "none"])[:60] for n, v in ATTRIBUTES.items() if random.random() < 0.4},
        "photos": photos,
        "after_photos": [CLEAN] if photos else [],
        "urgent": random.random() < 0.1,
        "fixed": random.random() < 0.2,
        "pushed_by": random.choice([None, None, None, "water", "unknown"]),
        "item": random.choice([None, *ITEMS, "unheard of"]),
    }
    fields = {field: value for field, value in fields.items() if value is not None}
    return a_report(name, at=T0 + random.randrange(10**9), **fields), random.choice(PLACES)
