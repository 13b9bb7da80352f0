"""Write scores for nbgrader, spreadsheets and learning management systems."""
