"""Where labelled data come from: one loader a file, all giving a Dataset."""
