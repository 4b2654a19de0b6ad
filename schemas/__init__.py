"""Words: what reports, cases, commands and events are; no input, no output, no clock."""
