"""Counts words and lays the counts out."""
