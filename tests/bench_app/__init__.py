"""`make bench`: how much faster than a one-by-one loop the instructor's app is, and what bounds it."""
