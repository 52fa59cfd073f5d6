"""Cases: read whole, answered, corrected, put together and settled."""
