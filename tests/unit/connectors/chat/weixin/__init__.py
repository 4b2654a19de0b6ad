"""Tests of what WeCom and WeChat share."""
