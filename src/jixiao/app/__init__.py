"""App, the doors. In: what a person types; out: rooms called through the pipeline and their results shown. No logic."""
