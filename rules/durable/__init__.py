"""Matches decision tables by durable-rules, in a child process."""
