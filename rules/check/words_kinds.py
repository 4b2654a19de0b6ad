"""What is said of subcategories and kinds of land: severity, text and remedy in both languages, by code."""

from collections.abc import Mapping
from typing import Final

from rules.check.problem import Said, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: Final[Mapping[str, Said]] = {
    "no_subcategory": (
        W,
        "规则书没有子类，填了 subcategory 的行不会命中",
        "the rulebook lists no subcategories, so rows that ask for one never match",
        "在 subcategories（子类）中补上，或删去此列",
        "add them to subcategories, or remove the column",
    ),
    "unknown_subcategory_in_cell": (
        E,
        "没有子类 {value}",
        "there is no subcategory {value}",
        "改为 subcategories 中的子类{near}，或在其中补上",
        "name one of the subcategories{near}, or add it there",
    ),
    "subcategory_of_other_category": (
        E,
        "子类 {values} 不属于此行的类别 {categories}",
        "subcategory {values} belongs to none of the categories {categories} of this row",
        "改正类别或子类；只写子类也可以",
        "correct one of them; the subcategory alone is enough",
    ),
    "subcategory_shared_word": (
        W,
        "词语“{word}”同属子类 {subcategories}，总归排在前面的子类",
        "the word “{word}” is in subcategories {subcategories}; the first of them always wins",
        "只留在一个子类中",
        "keep it in one of them",
    ),
    "no_land_kind": (
        W,
        "本区域没有登记土地类型，填了 land_kind 的行不会命中",
        "the region knows no kinds of land, so rows that ask for one never match",
        "在 region.yaml 列出 land_kinds，并在 segments.csv、grids.csv 或单元中填 land_kind；或删去此列",
        "list land_kinds in region.yaml and fill in land_kind in segments.csv, grids.csv or the units; "
        "or remove the column",
    ),
    "land_kind_nowhere": (
        W,
        "没有一处的土地类型是 {value}，此条件不会满足",
        "no place has the land kind {value}, so this is never met",
        "在 segments.csv、grids.csv 或单元中填 land_kind",
        "fill in land_kind in segments.csv, grids.csv or the units",
    ),
    "bad_urgent_word": (
        E,
        "紧急词语“{word}”为空或首尾有空格，不会匹配",
        "the urgent word “{word}” is empty or has blanks around it, and will not be found",
        "删去空格，或删去该词",
        "remove the blanks, or the word",
    ),
}
