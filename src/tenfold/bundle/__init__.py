"""A fitted classifier as files that execute no code when loaded."""
