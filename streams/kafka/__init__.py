"""How we talk to Kafka: clients, settings, and a reader of one partition."""
