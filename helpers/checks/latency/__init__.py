"""The checks of notebook 05: one module an exercise, and the probes they share."""
