"""A fitted model as a program: steps of a closed list of operations on arrays. Nothing in its file is an object."""
