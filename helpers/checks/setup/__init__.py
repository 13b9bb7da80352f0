"""The checks of notebook 01: one module an exercise, and the probes they share."""
