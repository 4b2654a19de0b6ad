"""The transactional partition: exactly-once work on one partition of a topic (ADR 0004)."""
