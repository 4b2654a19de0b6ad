"""Stands in for the engine's process: it takes its rulesets and says that it failed."""

import socket

from rules.durable.child import frames, write

if __name__ == "__main__":
    with socket.socket(fileno=0) as link:
        next(frames(link))
        write(link, "!it failed")
