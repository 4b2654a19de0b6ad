"""The HTTP door: the API for programs, and the live stream for browsers."""
