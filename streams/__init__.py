"""State: Kafka in, state, Kafka out, exactly once."""
