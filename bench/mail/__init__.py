"""Many messages: how many a second are learnt from and predicted, and how much memory that takes."""
