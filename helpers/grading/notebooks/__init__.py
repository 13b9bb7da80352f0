"""The course's own notebooks: where they lie, how they run, what their cells are called, which of them are hidden."""
