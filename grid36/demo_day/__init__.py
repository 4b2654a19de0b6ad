"""A day on the example street: written as a plan from a seed, then played by its people through the gateway."""
