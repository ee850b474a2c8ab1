"""Readers: the bytes of one file -> Book, chosen by content and never by the ending. One file per kind of content."""
