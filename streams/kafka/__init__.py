"""The ground of all Kafka code: clients and their settings, readers of partitions, topics and the event log."""
