"""The whole system on three brokers that are killed one after the other: `make cluster`."""
