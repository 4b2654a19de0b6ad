"""One act on several cases from the supervisor's list: choosing, sending, and the answer for each case."""
