"""Words of the rulebook in what people write."""
