"""Figures of each process for Prometheus: made when they are asked for, so that they cost nothing in between."""
