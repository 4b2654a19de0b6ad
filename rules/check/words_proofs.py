"""What is said of the engine's limits and of golden examples: severity, text and remedy, by code."""

from collections.abc import Mapping
from typing import Final

from rules.check.problem import Said, Severity

E, W = Severity.ERROR, Severity.WARNING

PROOFS: Final[Mapping[str, Said]] = {
    "outside_envelope": (
        E,
        "规则引擎只在测过的范围内使用，此表超出：{detail}",
        "the rule engine is used only inside the limits it was measured right for; this table is outside: {detail}",
        "按类别拆分这些行，或合并条件相同的行",
        "divide these rows by category, or join rows with the same conditions",
    ),
    "hash_clash": (
        E,
        "属性名 {value} 与 {other} 在规则引擎中无法区分",
        "the rule engine cannot tell the names {value} and {other} apart",
        "换一个属性编号",
        "give the attribute another id",
    ),
    "engine_failed": (
        E,
        "规则引擎在独立进程中试装此表失败：{detail}",
        "tried in a process of its own, the rule engine failed on this table: {detail}",
        "不能启用；请简化所列各行，并把此表报给维护者",
        "it cannot be activated; simplify the rows, and report the table to the maintainers",
    ),
    "engine_differs": (
        E,
        "规则引擎对此输入的回答与逐行核对不同",
        "the rule engine answers this input differently than reading the table row by row",
        "不能启用；请把此表报给维护者",
        "it cannot be activated; report the table to the maintainers",
    ),
    "example_differs": (
        E,
        "示例应命中 {wanted}，实际命中 {found}",
        "the example should be decided by {wanted}, and is by {found}",
        "改正规则，或改正示例",
        "correct the rows, or the example",
    ),
    "example_unknown_row": (
        E,
        "示例所指的行 {wanted} 不存在",
        "the example names row {wanted}, which is not there",
        "改为 routing 中的行{near}",
        "name a row of the routing table{near}",
    ),
    "example_wrong_fact": (
        E,
        "示例中的 {column} 不可用：{value}",
        "the example's {column} cannot be used: {value}",
        "改为该列可用的值",
        "give a value that the column can have",
    ),
    "example_unused_fact": (
        W,
        "示例给出的 {column} 不是本表的输入",
        "the example gives {column}, which is no input of the table",
        "删去，或为表增加此列",
        "remove it, or add the column to the table",
    ),
}
