"""What the notebooks of Exercise 01 import: one topic a module. See the README for the map."""
