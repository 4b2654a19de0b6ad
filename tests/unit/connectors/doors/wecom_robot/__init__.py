"""Tests of the WeCom robot door."""
