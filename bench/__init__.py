"""
The slow jobs of this field, timed side by side: Tenfold, scikit-learn and whoever else competes.

Run from the root of the repository with ``python -m bench``; it is no part of the installed package.
"""
