"""The pages of proofs: partners by day, and what differs on one day of one of them."""
