"""The part of the HTTP API about proofs for partners: what requests may say, and what answers them."""
