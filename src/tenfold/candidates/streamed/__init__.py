"""The classifiers that fit on blocks of rows."""
