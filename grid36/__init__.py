"""The command: settings, the one-machine mode, and the one place where the parts are wired."""
