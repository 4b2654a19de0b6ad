"""Topics and log-in of the Kafka that a system uses."""
