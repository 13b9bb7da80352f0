"""Confine submitted code with the means of the Linux kernel."""
