"""Official tables."""
