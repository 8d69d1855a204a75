"""Where a run errs: confusions, classes, weak spots, single instances, the map."""
