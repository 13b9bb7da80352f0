"""The kernel's means, as Python calls: Landlock, seccomp, identities, limits, priorities."""
