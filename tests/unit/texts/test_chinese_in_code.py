"""Sentences stand in the catalogues; Chinese in the code is data that is matched, drawn from, or written into files."""

import ast
import re

from texts.catalogue import ROOT

REPOSITORY = ROOT.parent
PACKAGES = ("schemas", "rules", "streams", "connectors", "grid36")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DATA = {
    "schemas/limit.py": "how people write limits",
    "schemas/milestone_overrides.py": "how people write that a step is not needed",
    "schemas/place_names.py": "signs of house numbers and sides in labels",
    "rules/places/address_words.py": "words of addresses",
    "rules/places/addresses.py": "words between a landmark and an address",
    "rules/places/countings.py": "words behind numbers that count",
    "rules/places/doubts.py": "words that move a place",
    "rules/places/house_numbers.py": "numerals and signs of house numbers",
    "rules/places/matches.py": "signs of house numbers and sides in labels",
    "rules/places/region_index.py": "numerals before a house number",
    "rules/words/danger.py": "words that only begin like danger",
    "rules/words/denial.py": "words that deny",
    "connectors/contacts/tokens.py": "the word before a token",
    "connectors/chat/conversation/commands.py": "signs at the edges of a word, and the word before an invitation",
    "connectors/platforms/times.py": "how people write times",
    "connectors/intake/masking.py": "first signs of plates, full-width digits",
    "grid36/cli/report.py": "the address of an example",
    "grid36/demo.py": "what the people of the example street write",
    "grid36/demo_day/words.py": "what they write on the day of the demo",
    "grid36/files/region/calendar.py": "how people write weekdays, spans and half days",
    "grid36/files/region/new.py": "files of a new region",
    "grid36/files/region/parts.py": "how people write sides of a street",
    "grid36/files/staff_sheet.py": "titles of columns",
    "grid36/files/rulebook/columns.py": "titles, hints and values that a workbook is written with and read by",
    "grid36/files/rulebook/decisions.py": "titles and hints of decision tables in a workbook",
    "grid36/files/rulebook/kinds.py": "how people write values of cells",
    "grid36/files/rulebook/layout.py": "names of sheets and of copies of files",
    "grid36/files/rulebook/template.py": "names of sheets",
    "grid36/files/rulebook/titles.py": "titles of lists in a workbook",
    "grid36/files/rulebook/xlsx_seen.py": "formats of times in a workbook",
    "grid36/files/rulebook/xlsx_sheets.py": "names of sheets",
    "grid36/replay/file/chinese.py": "characters that Chinese texts are known by",
    "grid36/replay/file/times.py": "how people write times",
    "grid36/review/sample_rulebooks.py": "invented lists",
    "grid36/review/sample_words.py": "words of invented lists",
    "grid36/review/simulation_rows.py": "how people write yes and no",
}
"""Modules that have it, and what it is."""


def has_chinese(tree: ast.Module) -> bool:
    """Whether a text of the code has Chinese, apart from docstrings."""
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in described
        and CHINESE.search(node.value)
        for node in ast.walk(tree)
    )


def test_only_data_is_chinese() -> None:
    found = {
        str(file.relative_to(REPOSITORY))
        for package in PACKAGES
        for file in (REPOSITORY / package).rglob("*.py")
        if CHINESE.search(text := file.read_text(encoding="utf-8")) and has_chinese(ast.parse(text))
    }
    assert found == set(DATA)
