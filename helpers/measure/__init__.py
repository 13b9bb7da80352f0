"""Measure what a model costs: `latency` (one number, or a summary of many calls), `memory`, and what autograd keeps."""
