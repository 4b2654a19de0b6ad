"""What is said of the region as far as a rulebook depends on it: severity, text and remedy, by code."""

from collections.abc import Mapping
from typing import Final

from rules.check.problem import Said, Severity

E, W = Severity.ERROR, Severity.WARNING

PLACES: Final[Mapping[str, Said]] = {
    "grid_without_head": (
        W,
        "{count} 个网格没有网格长（如 {grid}）",
        "{count} grids have no head (such as {grid})",
        "在 grids.csv 填 head；现由 {owner} 兜底",
        "fill in `head` in grids.csv; now {owner} answers",
    ),
    "grid_without_ladder": (
        W,
        "{count} 个网格没有升级阶梯（如 {grid}），超期无人知晓",
        "{count} grids have no escalation ladder (such as {grid}): nobody is told when a case is late",
        "在 grids.csv 填 ladder",
        "fill in `ladder` in grids.csv",
    ),
    "unknown_ladder_person": (
        E,
        "网格 {grid} 的升级阶梯中没有人员 {value}",
        "the ladder of grid {grid} names {value}, who is not there",
        "改为 people.csv 中的编号{near}",
        "name an id of people.csv{near}",
    ),
    "ladder_person_twice": (
        W,
        "网格 {grid} 的升级阶梯中 {value} 出现两次",
        "the ladder of grid {grid} names {value} twice",
        "每一级写不同的人",
        "name another person on each rung",
    ),
    "unknown_head": (
        E,
        "网格 {grid} 的网格长 {value} 不存在",
        "the head {value} of grid {grid} is not there",
        "改为 people.csv 中的编号{near}",
        "name an id of people.csv{near}",
    ),
    "unknown_owner": (
        E,
        "路段 {segment} 的负责人 {value} 不存在",
        "the owner {value} of segment {segment} is not there",
        "改为 people.csv 中的编号{near}",
        "name an id of people.csv{near}",
    ),
    "segment_without_owner": (
        W,
        "{count} 个路段没有负责人（如 {segment}），现由网格长代管",
        "{count} segments have no owner (such as {segment}); now the heads of their grids answer",
        "在 segments.csv 填 owner",
        "fill in `owner` in segments.csv",
    ),
    "unknown_fallback_owner": (
        E,
        "兜底责任人 {value} 不存在",
        "the fallback owner {value} is not there",
        "在 region.yaml 的 fallback_owner 填 people.csv 中的编号{near}",
        "let fallback_owner in region.yaml be an id of people.csv{near}",
    ),
    "unknown_fallback_department": (
        E,
        "兜底部门 {value} 不存在",
        "the fallback department {value} is not there",
        "在 region.yaml 的 fallback_department 填 organisations.yaml 中的代码{near}",
        "let fallback_department in region.yaml be a code of organisations.yaml{near}",
    ),
    "place_sought_without_one": (
        W,
        "{names} 可以没有地点，而此处派给路段负责人或网格长；没有地点的都落到兜底责任人 {owner}",
        "{names} may come without a place, but this goes to the owner of a segment or the head of a grid; "
        "all that come without one fall to the fallback owner {owner}",
        "在其前加一行，派给部门（department）或具体的人",
        "put a row before it that names a department or a person",
    ),
}
