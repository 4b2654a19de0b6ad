"""What is said of cases in flight that a new list or region touches: severity, text and remedy, by code."""

from collections.abc import Mapping
from typing import Final

from rules.check.problem import Said, Severity

FLIGHT: Final[Mapping[str, Said]] = {
    "category_in_flight": (
        Severity.WARNING,
        "清单不再有类别 {id}（{name}），仍有在办案件属于它：{count} 件（{cases}）。它改成了什么？",
        "category {id} ({name}) is no longer on the list; open cases filed under it: {count} ({cases}). "
        "What became of it?",
        "在接替它的类别的 replaces 列填写 {id}{maybe}；确要不填而启用请加 --leave，这些案件仍按立案时的清单办理",
        "write {id} into the column replaces of the category that it became{maybe}; "
        "or activate with --leave: these cases keep the list that they were opened by",
    ),
    "category_replaced": (
        Severity.NOTE,
        "类别 {id}（{name}）改为 {new}（{new_name}），在办案件随之变更：{count} 件（{cases}）",
        "category {id} ({name}) becomes {new} ({new_name}), and its open cases with it: {count} ({cases})",
        "如不对，改正 replaces 列",
        "correct the column replaces if that is wrong",
    ),
    "person_in_flight": (
        Severity.WARNING,
        "人员 {id}（{name}）不再在册，名下仍有在办案件：{count} 件（{cases}）。由谁接手？",
        "{id} ({name}) is no longer among the people, and still has open cases: {count} ({cases}). Who takes over?",
        "在接任者的 people.csv 的 replaces 列填写 {id}{maybe}，在办案件随即转给接任者；"
        "或先逐件转交：grid36 act 案件号 assign --to 人员 --by 人员；确要搁置请加 --leave",
        "write {id} into the column replaces of the successor in people.csv{maybe}: the open cases then go to them; "
        "or hand them over one by one: grid36 act CASE assign --to PERSON --by PERSON; "
        "or activate with --leave to leave them as they are",
    ),
    "department_in_flight": (
        Severity.WARNING,
        "部门 {id}（{name}）不再在册，仍有在办案件归它：{count} 件（{cases}）。由哪个部门接手？",
        "department {id} ({name}) is no longer in the region, and still has open cases: {count} ({cases}). "
        "Which one takes over?",
        "在接替它的部门下写 replaces: [{id}]（organisations.yaml）{maybe}，在办案件随即转给该部门；"
        "或先逐件转交：grid36 act 案件号 assign --to 人员 --by 人员；确要搁置请加 --leave",
        "write replaces: [{id}] under the department that takes its place (organisations.yaml){maybe}: the open cases "
        "then go to it; or hand them over one by one: grid36 act CASE assign --to PERSON --by PERSON; "
        "or activate with --leave to leave them as they are",
    ),
    "person_replaced": (
        Severity.NOTE,
        "{id}（{name}）的在办案件转给 {new}（{new_name}）：{count} 件（{cases}）",
        "the open cases of {id} ({name}) go to {new} ({new_name}): {count} ({cases})",
        "如不对，改正 people.csv 的 replaces 列",
        "correct the column replaces in people.csv if that is wrong",
    ),
    "department_replaced": (
        Severity.NOTE,
        "部门 {id}（{name}）的在办案件转给 {new}（{new_name}）：{count} 件（{cases}）",
        "the open cases of department {id} ({name}) go to {new} ({new_name}): {count} ({cases})",
        "如不对，改正 organisations.yaml 的 replaces",
        "correct replaces in organisations.yaml if that is wrong",
    ),
}
