"""How the error falls while a model is fitted."""
