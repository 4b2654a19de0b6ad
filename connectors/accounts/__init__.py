"""Who may sign in to the pages, and who is signed in. Nothing of it goes onto Kafka."""
