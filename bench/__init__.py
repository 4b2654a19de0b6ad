"""Measurements: throughput, latency, takeover, size of state."""
