"""Doors: they carry reports and actions in and orders and answers out, and decide nothing."""
