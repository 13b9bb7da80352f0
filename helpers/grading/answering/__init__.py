"""The processes in which answers run, and the judge's end of each.

`fork_server` and `session` are the judge's; `server` forks what `runner` then is: the process of one notebook, with the
cells of `shell` and the judge's `questions`. What cells print and show is bounded by `limits`.
"""
