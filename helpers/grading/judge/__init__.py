"""Decide what a notebook earns; student code never runs here. README.md in this folder tells how, with one picture.

`notebook` is the door; `restore` puts the answers into the notebook as it was handed out, `plan` says which cells run,
`execution` runs and asks, `checks` judges, `scoring` gives points; `again` judges from what was kept.
"""
