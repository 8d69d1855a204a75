"""What the scripts of the page need of a run: predictions, scores and instances, packed to be small."""

from tenfold.show.live.block import live_block

__all__ = ["live_block"]
