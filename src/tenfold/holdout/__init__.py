"""The test part: split off first, sealed, opened once, each opening counted."""
