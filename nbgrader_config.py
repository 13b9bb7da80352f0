"""nbgrader's settings: where things lie, what must not be handed out, and this course's own plug-ins."""

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "pytorch-inference"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# nbgrader copies every other file of the source folder into the release: students get the notebooks alone.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "*.py",
    "folder_app",
    ".progress.json",
    "*.tmp",
]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# Submitted code runs in the sandbox of `make grade` alone; `nbgrader autograde` refuses.
c.Autograde.exporter_class = "helpers.grading.nbgrader_plugins.RefuseUnconfined"
# Feedback shows of a hidden check whether it passed, or the causes' names.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.feedback.steps.SummarizeHiddenChecks",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Late work, when there is a due date (make grade DUE="2026-12-01 23:59 Europe/Berlin"); single students' extensions
# stand in extensions.csv (student,due,hours,waived). See helpers/grading/gradebook/late_policy.py.
c.AssignLatePenalties.plugin_class = "helpers.grading.gradebook.late_policy.LatePolicy"
c.LatePolicy.grace_minutes = 15
c.LatePolicy.percent_per_started_day = 10  # of the points earned
c.LatePolicy.most_percent = 50
