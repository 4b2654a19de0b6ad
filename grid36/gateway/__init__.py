"""The gateway process, and how the command talks to it."""
