"""How long to wait before trying again: longer after each failure, and never all at the same moment."""


def pause(attempt: int, first: float, ceiling: float, chance: float) -> float:
    """Seconds to wait after failure number `attempt` (1 is the first): exponential, with full jitter.

    `first` and `ceiling` bound the longest pause (seconds), `chance` (0 to 1, random) is the share of it that is waited.
    """
    # Beyond 2**64 the ceiling holds anyway, and a float overflows at 2**1024.
    return chance * min(ceiling, first * 2.0 ** min(attempt - 1, 64))
