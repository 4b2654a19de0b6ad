"""The gateway process, and the client by which commands talk to it."""
