"""Write scores for nbgrader, spreadsheets, Canvas and Moodle."""
