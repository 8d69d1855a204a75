"""Why a model errs: pure functions from predictions and instances to what a person looks at."""
