"""Coming in, whatever the way: the session a browser is given, and the organisation's own log-in."""
