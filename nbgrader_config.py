"""nbgrader's settings: where things lie, what must not be handed out, and this course's own plug-ins."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "pytorch-inference"
# A course in another folder has no solutions of its own; without these, formgrader would list no exercise to grade.
c.CourseDirectory.source_directory = (
    "solutions" if Path("solutions").is_dir() else str(Path(__file__).parent / "solutions")
)
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

# Formgrader shows below each answer in free text how it is to be marked.
c.HTMLExporter.preprocessors = ["helpers.grading.nbgrader_plugins.rubrics.ShowRubrics"]

# There is no exchange folder: nothing warns of that, and the buttons that would use one say what to run instead.
c.ExchangeFactory.list = "helpers.grading.nbgrader_plugins.exchange.ListNothing"
c.ExchangeFactory.release_assignment = "helpers.grading.nbgrader_plugins.exchange.RefuseRelease"
c.ExchangeFactory.collect = "helpers.grading.nbgrader_plugins.exchange.RefuseCollect"
c.ExchangeFactory.release_feedback = "helpers.grading.nbgrader_plugins.exchange.RefuseFeedback"

# Late work, when there is a due date (make grade DUE="2026-12-01 23:59 Europe/Berlin"); single students' extensions
# stand in extensions.csv (student,due,hours,waived). See helpers/grading/gradebook/late_policy.py.
c.AssignLatePenalties.plugin_class = "helpers.grading.gradebook.late_policy.LatePolicy"
c.LatePolicy.grace_minutes = 15
c.LatePolicy.percent_per_started_day = 10  # of the points earned
c.LatePolicy.most_percent = 50
