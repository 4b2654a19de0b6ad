"""What the system does for the lists page: checks in a process of their own, versions, and switches."""
