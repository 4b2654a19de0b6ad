"""Tests of the WeChat door."""
