"""The checks of notebook 04: one module an exercise, and the probes they share."""
