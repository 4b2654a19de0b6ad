"""Commands about what comes again and again: standing remedies."""
