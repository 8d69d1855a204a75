"""What a run has found, over all: verdict, worries, advice, candidates, figures, how it was made."""
