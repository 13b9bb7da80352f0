"""What an instructor or the Makefile calls: one module a target."""
