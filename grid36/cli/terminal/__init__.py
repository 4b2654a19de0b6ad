"""How commands are found, and how they speak: languages, tables, help, exit codes."""
