"""The rulebook as files that a steward edits: YAML, and lists as CSV files or as one workbook."""

from grid36.rulebook_files.problems import FaultyRulebook, Place, Problem, at_cells
from grid36.rulebook_files.reading import Reading, load_rulebook, read_rulebook

__all__ = ["FaultyRulebook", "Place", "Problem", "Reading", "at_cells", "load_rulebook", "read_rulebook"]
