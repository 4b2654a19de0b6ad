"""What a system is made of: created once, its rulebooks by time, its balance."""
