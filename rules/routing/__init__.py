"""Decides who is responsible: by the list, by offers, by admission; and finds duplicates."""
