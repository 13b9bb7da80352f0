"""What was handed in, made safe: one clean copy a student, and one sentence for everything that was refused.

`collect` is the door. Whose work a file is decides `students`, what a notebook holds that can be kept decides
`notebooks`; both work in a process of their own (`own_process`), with limits for each student (`taking`).
"""
