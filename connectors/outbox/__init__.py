"""The outbox, to which every door writes before it says "received", and the relay to Kafka."""
