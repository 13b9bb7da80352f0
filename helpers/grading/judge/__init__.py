"""Decide what a notebook earns; student code never runs here."""
