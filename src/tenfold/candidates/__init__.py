"""The named classifiers, one file each, with what they are good for and their search space."""
