"""The default run on real tables beside boosting and a forest of scikit-learn: ``python -m bench.tables``."""
