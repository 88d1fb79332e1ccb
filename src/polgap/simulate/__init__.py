"""What happens if it goes wrong: each option over the same futures and the same shocks."""

from polgap.simulate._play import Played, play

__all__ = ["Played", "play"]
