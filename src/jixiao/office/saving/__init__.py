"""Saving that loses nothing: bytes in, the old file or the new one on disk, whole."""
