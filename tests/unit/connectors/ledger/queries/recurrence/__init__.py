"""Tests of recurrence."""
