"""Confine submitted code with the means of the Linux kernel.

`settings` says what is asked for, `enter` goes in, `choose` finds the backend that keeps its promises on this machine
(tried out by `probes`). Below: `backends` are the kinds of sandbox, `watch` looks after a running one, `linux` calls
the kernel.
"""
