"""What a check cell calls: a package a notebook, a module an exercise.

They share `report` (what a check shows, and leaves as data), `causes` (each usual reason as a sentence), `class_seed`
(the numbers of hidden checks), and stand-ins such as `probe_models` and `fake_clock`, which note what an answer does.
"""
