"""The same tables decided by durable-rules, in a child process."""
