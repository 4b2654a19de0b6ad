"""Tests of the WeCom door."""
