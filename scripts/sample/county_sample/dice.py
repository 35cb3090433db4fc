"""Chance that is the same everywhere: every die is labelled, and a label always gives the same throws."""

import hashlib

SEED = "mingchou sample 2026"


class Dice:
    """Throws that depend on the label alone, so that adding a class does not reshuffle the others."""

    def __init__(self, *label):
        self._label = "/".join([SEED, *map(str, label)])
        self._throws = 0

    def below(self, n):
        """A whole number in 0 … n-1."""
        digest = hashlib.sha256(f"{self._label}#{self._throws}".encode()).digest()
        self._throws += 1
        return int.from_bytes(digest[:8], "big") % n

    def between(self, low, high):
        """A whole number in low … high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, permille):
        return self.below(1000) < permille

    def sample(self, items, count):
        """`count` different items, in the order drawn."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
