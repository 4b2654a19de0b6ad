"""What Standard Webhooks asks of both sides: signatures, and patience with a receiver."""
