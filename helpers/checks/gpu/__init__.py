"""The checks of notebook 06: one module an exercise, and the probes they share."""
