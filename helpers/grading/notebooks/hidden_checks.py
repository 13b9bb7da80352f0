"""The marks around what is hidden of a check until it is graded; nbgrader takes it out of the release."""

HIDDEN_BEGIN, HIDDEN_END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def remove_hidden_lines(source: str) -> str:
    """Return a check's source without the lines between the two marks, and without the marks."""
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = hidden or HIDDEN_BEGIN in line
        if not hidden:
            kept.append(line)
        hidden = hidden and HIDDEN_END not in line
    return "\n".join(kept)
