"""Exact nearest neighbours among rows that no single machine holds: shards, searched where they are, merged exactly."""

from tenfold.cluster.sharded.classifier import ShardedKNeighborsClassifier

__all__ = ["ShardedKNeighborsClassifier"]
