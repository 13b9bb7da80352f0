"""The autograder's own test: wrong answers with the cause they must get, and right ones of any style."""
