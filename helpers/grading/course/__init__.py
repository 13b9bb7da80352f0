"""What a course's folder keeps from one run to the next: results, questions, versions handed out, seed, settings."""
