"""Try out whether a sandbox keeps its promises on this machine, before a class is graded in it."""
