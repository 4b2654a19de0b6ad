"""Who said a limit, and who called a department."""

from typing import Any

from rules.review.explaining.rows import Ruling, explain_rows
from rules.review.explaining.terms import explain_called, explain_limits
from schemas.items import Item
from schemas.rulebook import Category
from schemas.table import Table

STEPS = [
    {"id": "fence", "name": {"zh": "围挡"}, "limit": "3uh"},
    {"id": "repair", "name": {"zh": "抢修"}, "limit": "8uh"},
]


def item(**fields: Any) -> Item:
    return Item.model_validate({"id": "X", "name": {"zh": "甲"}, "verdict": "handle", **fields})


def category(**fields: Any) -> Category:
    return Category.model_validate({"id": "tree", "name": {"zh": "树"}, **fields})


def ruling(**then: Any) -> Ruling:
    table = {"name": "limits", "hit_policy": "F", "inputs": ["category"], "rows": [{"id": "a", "then": then}]}
    return explain_rows("limits", Table.model_validate(table), {"category": "tree"})


def test_the_table_says_it_first_then_the_item_then_the_category() -> None:
    """What is no limit says nothing; nobody may."""
    said = explain_limits(
        ruling(accept="3紧急工作时", respond="soon"),
        item(limits={"accept": "1h", "respond": "2h"}),
        category(limits={"accept": "9h", "respond": "9h"}),
        None,
    )
    assert [(each.clock, each.limit, each.by) for each in said] == [
        ("accept", "3uh", "limits"),
        ("respond", "2h", "item"),
        ("resolve", None, None),
    ]
    alone = explain_limits(None, None, category(limits={"resolve": "9h"}), None)
    assert [each.by for each in alone] == [None, None, "category"]


def test_milestones_are_the_items_or_the_categorys_as_the_table_changed_them() -> None:
    """Told from what the case got, whatever the table may say of them."""
    said = explain_limits(ruling(), item(milestones=STEPS), category(milestones=STEPS[:1]), {"fence": "2uh"})[3:]
    assert [(each.clock, each.limit, each.by) for each in said] == [
        ("fence", "2uh", "limits"),
        ("repair", None, "limits"),
    ]
    said = explain_limits(None, item(), category(milestones=STEPS), None)[3:]
    assert [(each.clock, each.limit, each.by) for each in said] == [
        ("fence", "3uh", "category"),
        ("repair", "8uh", "category"),
    ]


def test_milestones_that_have_not_begun_are_told_as_the_table_will_change_them() -> None:
    told = ruling(milestones=["fence=2uh", "repair=none"])
    said = explain_limits(told, None, category(milestones=STEPS), None)[3:]
    assert [(each.clock, each.limit, each.by) for each in said] == [
        ("fence", "2uh", "limits"),
        ("repair", None, "limits"),
    ]


def test_a_dual_item_and_every_row_call_and_who_leads_is_not_called() -> None:
    rows = [{"id": f"r{i}", "then": {"department": code}} for i, code in enumerate(["drainage", "parks", "drainage"])]
    table = Table.model_validate({"name": "joint", "hit_policy": "C", "inputs": ["category"], "rows": rows})
    joint, both = explain_rows("joint", table, {"category": "tree"}), item(dual=True, assists=["housing", "parks"])
    called = explain_called(joint, both, "parks")
    assert [(each.department, [row.number for row in each.rows], each.by_item, each.leads) for each in called] == [
        ("housing", [], True, False),
        ("parks", [2], True, True),
        ("drainage", [1, 3], False, False),
    ]
    assert explain_called(None, item(assists=["housing"]), None) == (), "not dual: they assist without clocks"
