"""nbgrader's settings: where things lie, what must not be handed out, and this course's own plug-ins."""

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "pytorch-inference"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# nbgrader copies every other file of the source folder into the release: students get the notebooks alone.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", ".progress.json", "*.tmp"]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# A deleted check cell comes back at grading instead of losing its points in silence.
c.OverwriteCells.add_missing_cells = True
c.Execute.timeout = 60  # seconds a cell
c.Execute.interrupt_on_timeout = True
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--Application.log_level=40"]

# helpers/grading/plugins.py: a dying kernel keeps the credit of what ran, feedback keeps hidden checks hidden.
c.Autograde.autograde_preprocessors = [
    "helpers.grading.plugins.ExecuteWhatRuns",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.plugins.KeepHiddenChecksHidden",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
