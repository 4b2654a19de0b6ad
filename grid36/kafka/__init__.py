"""Topics and login of the Kafka that a system uses."""
