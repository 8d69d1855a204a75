"""
The operating point: the rule asked for, the threshold that meets it, its application.

Nothing is imported here, so that a command line can read a rule (`tenfold.decision.rule`) without loading NumPy.
"""
