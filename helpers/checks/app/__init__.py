"""The checks of notebook 07: one module an exercise, and the probes they share."""
