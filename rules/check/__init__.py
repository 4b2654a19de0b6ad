"""Checks a rulebook for a region before it decides anything. Pure functions."""

from rules.check.all import check
from rules.check.problem import Problem, Severity

__all__ = ["Problem", "Severity", "check"]
