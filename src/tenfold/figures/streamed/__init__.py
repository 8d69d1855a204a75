"""The same figures, exact, of scores that lie on disk: counted, or sorted bucket by bucket."""
