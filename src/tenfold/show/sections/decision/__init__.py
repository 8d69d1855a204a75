"""Where the threshold stands: curves, calibration, comparison of candidates."""
