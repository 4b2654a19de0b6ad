"""The system: its creation, its rulebooks over time, its balance."""
