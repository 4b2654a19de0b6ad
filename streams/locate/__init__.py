"""The first step: a report gets its place and becomes a command."""
