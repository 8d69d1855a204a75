"""The whole straight line, and the folder it leaves."""
