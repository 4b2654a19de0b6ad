"""Where every door writes before it says "received", and the relay that carries it to Kafka."""
