"""Whose work it is: the roster, the students known from before, teams, and what a file's name claims."""
