"""The report's figures as files of their own, for papers and slides."""
