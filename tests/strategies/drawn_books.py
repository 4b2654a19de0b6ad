"""Rulebooks drawn by hypothesis, with everything that cells make hard to say."""

from datetime import UTC, date, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from schemas.rulebook import Rulebook

_HARD = st.sampled_from(
    [
        "-",
        "007",
        "7",
        "1E5",
        "=1+1",
        "+86 1",
        "@a",
        "#x",
        "a;b",
        "；",
        "、",
        ' "q" ',
        '"',
        '"a"',
        "Ｃ０１",
        "是",
        "1..2",
    ]
)
_ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
texts = st.one_of(_HARD, st.sampled_from(["路灯", "垃圾 堆", "first\nsecond", " end ", "\u3000宽", "a\tb\r\n"]), _ANY)
cell_texts = st.one_of(_HARD, st.text("abc路12 -;\"'=", min_size=1, max_size=8))
codes = st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}", fullmatch=True)
limits = st.sampled_from(["30m", "4h", "3d", "3uh", "2ud", "4wh", "5wd", "sd"])
ids = st.one_of(_HARD, st.text("abC-1０ ;", min_size=1, max_size=5))
row_ids = st.from_regex(r"[a-z0-9-#=]{1,5}", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


names = st.fixed_dictionaries({"zh": texts}, optional={"en": texts | st.just("")})
three_limits = _some(accept=limits, respond=limits, resolve=limits)
milestones = st.lists(
    st.fixed_dictionaries(
        {"id": st.from_regex(r"[a-z0-9][a-z0-9_-]{0,4}", fullmatch=True), "name": names, "limit": limits}
    ),
    max_size=2,
    unique_by=lambda each: str(each["id"]),
)
told_steps = st.builds(lambda id_, limit: f"{id_}={limit}", codes, limits | st.just("none"))
row_limits = _some(accept=limits, respond=limits, resolve=limits, milestones=st.lists(told_steps, max_size=3))
photos = st.sampled_from(["required", "optional"])


@st.composite
def _items(draw: st.DrawFn) -> list[dict[str, Any]]:
    more = _some(
        level=st.sampled_from(["village", "street", "district", "city"]),
        lead=codes,
        assists=st.lists(codes, max_size=3),
        dual=st.booleans(),
        post=texts,
        basis=texts,
        redirect=st.fixed_dictionaries({"name": names}, optional={"address": names, "phone": texts | st.just("")}),
        limits=three_limits,
        milestones=milestones,
        after_photo=photos,
        task=names,
        standard=names,
        guide=names,
        method=names,
        life=st.sampled_from(["proposed", "active", "suspended", "withdrawn"]),
        valid_from=days,
    )
    drawn = draw(st.lists(ids, max_size=4, unique=True))
    verdicts = st.sampled_from(["handle", "assist", "refuse"])
    made = [{"id": id_, "name": draw(names), "verdict": draw(verdicts), **draw(more)} for id_ in drawn]
    for item in made:
        if "valid_from" in item and draw(st.booleans()):
            item["valid_to"] = item["valid_from"] + timedelta(draw(st.integers(1, 900)))
    return made


@st.composite
def _table(draw: st.DrawFn, name: str, then: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    inputs = draw(st.lists(st.sampled_from(["category", "road", "hour", "distance_m", "attr_land"]), unique=True))
    numbers = st.integers(-(2**53), 2**53)
    ranges = st.tuples(numbers, numbers).map(lambda ends: {"ge": min(ends), "le": max(ends)})
    number = st.one_of(
        st.just("-"),
        numbers,
        st.lists(numbers, min_size=1, max_size=3, unique=True),
        ranges,
        numbers.map(lambda end: {"ge": end}),
        numbers.map(lambda end: {"le": end}),
    )
    text = st.one_of(st.just("-"), st.lists(cell_texts, min_size=1, max_size=3, unique=True))
    cells = {fact: number if fact in ("hour", "distance_m") else text for fact in inputs}
    rows = [
        {
            "id": id_,
            "when": draw(_some(**cells)),
            "then": draw(then),
            **draw(_some(priority=st.integers(1, 60_000), note=texts)),
        }
        for id_ in draw(st.lists(row_ids, max_size=4, unique=True))
    ]
    policy = "C" if name == "joint" else draw(st.sampled_from("UFPA"))
    return {"name": name, "hit_policy": policy, "inputs": inputs, "rows": rows}


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """Any rulebook that the models accept."""
    items = draw(_items())
    item = st.sampled_from([each["id"] for each in items]) if items else st.nothing()
    category = _some(
        words=st.lists(texts, max_size=4),
        urgent=st.booleans(),
        after_photo=photos,
        merge=_some(radius_m=st.floats(0.5, 5000), window=st.sampled_from(["2d", "4h"]), linear=st.booleans()),
        limits=three_limits,
        milestones=milestones,
        verification=st.fixed_dictionaries({"policy_after": limits}),
        **({"item": item} if items else {}),
    )
    categories = [
        {"id": id_, "name": draw(names), **draw(category)}
        for id_ in draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    ]
    named = [each["id"] for each in categories]
    part = _some(words=st.lists(texts, max_size=3), urgent=st.booleans())
    parts = [
        {"id": id_, "category": draw(st.sampled_from(named)), "name": draw(names), **draw(part)}
        for id_ in draw(st.lists(ids.filter(lambda id_: id_ not in named), max_size=3, unique=True))
    ]
    assigned = st.fixed_dictionaries(
        {"assign": texts},
        optional={
            "department": codes,
            "offer": st.just("workers"),
            "flag": st.booleans() | st.integers(0, 9) | cell_texts | st.lists(cell_texts, max_size=2),
            **({"item": item} if items else {}),
        },
    )
    report_in = _some(sign=limits, contact=limits, attend=limits)
    whistle = st.fixed_dictionaries(
        {
            "id": ids,
            "name": names,
            "whistle_class": st.sampled_from(["joint_enforcement", "management_service", "emergency"]),
            "departments": st.lists(codes, min_size=1, max_size=3),
        },
        optional={"basis": texts, "limits": report_in},
    )
    facts = _some(category=cell_texts, hour=st.integers(0, 23), attr_land=cell_texts, strange=st.integers(0, 5))
    example = st.fixed_dictionaries({"given": facts}, optional={"row": row_ids, "note": texts})
    zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
    return Rulebook.model_validate(
        {
            "name": draw(texts),
            "default_category": categories[0]["id"],
            "items": items,
            "categories": categories,
            "subcategories": parts,
            "routing": draw(_table("routing", assigned)),
            "whistles": draw(st.lists(whistle, max_size=3, unique_by=lambda each: str(each["id"]))),
            "examples": draw(st.lists(example, max_size=3)),
            **draw(
                _some(
                    joint=_table("joint", st.fixed_dictionaries({"department": codes})),
                    limits=_table("limits", row_limits),
                    effective_from=st.datetimes(timezones=zones),
                    note=texts,
                )
            ),
        }
    )
