"""What every door does with a submission: check it, build its messages, store them, answer."""
