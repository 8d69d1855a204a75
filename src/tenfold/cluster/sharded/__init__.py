"""Exact nearest neighbours among rows in shards, searched where they are, and merged exactly."""

from tenfold.cluster.sharded.classifier import ShardedKNeighborsClassifier

__all__ = ["ShardedKNeighborsClassifier"]
