"""Users' stories on real Kafka, real HTTP and a real browser."""
