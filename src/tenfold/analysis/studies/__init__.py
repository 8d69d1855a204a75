"""Studies of a finished run that take longer: importance, learning curve, map."""
