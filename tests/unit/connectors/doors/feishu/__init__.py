"""Tests of the Feishu door."""
