"""What the conversation knows of cases and people, read from the ledger, the region and the rulebook."""
