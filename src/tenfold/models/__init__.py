"""Our own estimators, usable outside Tenfold as ordinary scikit-learn ones."""
