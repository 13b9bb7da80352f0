"""What was handed in, made safe: one clean copy a student, and one sentence for everything that was refused."""
