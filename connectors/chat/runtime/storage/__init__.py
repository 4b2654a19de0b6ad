"""What one chat door has on disk: its inbox, its conversations, and its way out."""
