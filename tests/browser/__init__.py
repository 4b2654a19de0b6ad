"""Pages read and acted on: without script, and in a headless browser."""
