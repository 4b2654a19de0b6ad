"""Terminal side of commands: loading, languages, tables, help, exit codes."""
