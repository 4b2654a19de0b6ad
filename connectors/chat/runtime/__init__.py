"""Runs the conversation of one chat platform: stores what comes, answers, sends; survives being killed anywhere."""
