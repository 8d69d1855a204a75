"""The steps of a run that restores images: clean ones come in, noise is put on them, it is to be taken off again."""
