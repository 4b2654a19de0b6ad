"""What is known of a report or a case: the facts that tables ask for."""
