"""The rulebook as files that a steward edits: YAML, and lists as CSV files or as one workbook."""

from grid36.files.rulebook.problems import CellPlace, FaultyRulebook, FileProblem, at_cells
from grid36.files.rulebook.reading import RulebookReading, load_rulebook, read_rulebook

__all__ = [
    "CellPlace",
    "FaultyRulebook",
    "FileProblem",
    "RulebookReading",
    "at_cells",
    "load_rulebook",
    "read_rulebook",
]
