"""Intake: source files (决算 and other tables) -> facts with proof.

``read`` opens each file by content, recognises tables by title and headings, and takes figures by row and column
labels. Nothing is taken from a fixed address, nothing missing becomes 0, nothing doubtful becomes a number.
"""

from jixiao.intake.alike import alike, usual_places
from jixiao.intake.definition import Form, load
from jixiao.intake.factsfile import Named, read_named, typed_fact
from jixiao.intake.reading import Reading, read, read_books
from jixiao.intake.recognise import Recogniser, Titles
from jixiao.model import Record

__all__ = [
    "Form",
    "Named",
    "Reading",
    "Recogniser",
    "Record",
    "Titles",
    "alike",
    "load",
    "read",
    "read_books",
    "read_named",
    "typed_fact",
    "usual_places",
]
