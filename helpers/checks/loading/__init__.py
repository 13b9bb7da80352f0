"""The checks of notebook 02: one module an exercise, and the probes they share."""
