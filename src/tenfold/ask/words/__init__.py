"""The words behind predictions of texts: what each weighs, as sentences, in messages, and for other programs."""
