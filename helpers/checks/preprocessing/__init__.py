"""The checks of notebook 03: one module an exercise, and the probes they share."""
