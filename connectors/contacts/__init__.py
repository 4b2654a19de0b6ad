"""Who is reached how: the one store of contact data. Nothing of it goes onto Kafka."""
