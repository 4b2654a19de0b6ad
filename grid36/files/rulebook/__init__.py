"""The rulebook as files that a steward edits: YAML, and lists as CSV files or as one workbook."""

from grid36.files.rulebook.problems import FaultyRulebook, Place, Problem, at_cells
from grid36.files.rulebook.reading import Reading, load_rulebook, read_rulebook

__all__ = ["FaultyRulebook", "Place", "Problem", "Reading", "at_cells", "load_rulebook", "read_rulebook"]
