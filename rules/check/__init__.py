"""Everything that is wrong with a rulebook for a region, found before it decides anything; pure."""

from rules.check.all import check
from rules.check.problem import Problem, Severity

__all__ = ["Problem", "Severity", "check"]
