"""A whole .xlsx or .xlsm package in memory: parts are changed one by one, the rest keeps its bytes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from jixiao.office.ooxml import archive, spans
from jixiao.office.ooxml.problems import limit, refuse
from jixiao.office.ooxml.text import attribute

CONTENT_TYPES = "[Content_Types].xml"
MAX_READ = 200_000_000  # bytes of one part held in memory


class Relation:
    """One relationship: id, last word of its type (``worksheet``), target part, whether it is outside."""

    __slots__ = ("external", "id", "kind", "target")

    def __init__(self, ident: str, kind: str, target: str, external: bool) -> None:
        self.id, self.kind, self.target, self.external = ident, kind, target, external


class Package:
    """The parts of a package by name. Untouched members are copied as compressed bytes, in their order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        members, self._comment = archive.read_directory(data)
        self._members: dict[str, archive.Member | None] = {member.name: member for member in members}
        self._new: dict[str, bytes] = {}
        self._removed = False
        self._lower = {name.lower(): name for name in self._members}

    @classmethod
    def open(cls, data: bytes) -> Package:
        """Read the directory of a package; Refused when damaged. Parts are inflated on demand."""
        return cls(data)

    @property
    def names(self) -> list[str]:
        """Names of all parts in archive order, those added last."""
        return list(self._members)

    @property
    def changed(self) -> bool:
        """Whether ``to_bytes`` would differ from what was opened."""
        return bool(self._new) or self._removed

    def find(self, part: str) -> str | None:
        """The stored spelling of a part name (they are compared without case), or None."""
        return self._lower.get(part.lower().lstrip("/"))

    def read(self, part: str) -> bytes:
        """The content of a part, checksum verified; Refused when missing or damaged."""
        name = self._name(part)
        if name in self._new:
            return self._new[name]
        member = self._members[name]
        assert member is not None  # a member without archive bytes is always in _new
        if member.size > MAX_READ:
            limit("J512", size=f"{member.size // 1_000_000} MB", most=f"{MAX_READ // 1_000_000} MB")
        return archive.inflate(self._data, member)

    def size(self, part: str) -> int:
        """Bytes of the content of a part."""
        name = self._name(part)
        member = self._members[name]
        return len(self._new[name]) if member is None or name in self._new else member.size

    def chunks(self, part: str, most: int = 1 << 20) -> Iterator[bytes]:
        """The stored content of a part in pieces of ``most`` bytes, for parts too large to hold.

        Verified with the last one.
        """
        member = self._members[self._name(part)]
        return iter(()) if member is None else archive.inflate_chunks(self._data, member, most)

    def replace(self, part: str, data: bytes) -> None:
        """Give a part new content; equal content changes nothing."""
        name = self._name(part)
        if self.read(name) != data:
            self._new[name] = data

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part and its entry in [Content_Types].xml; ValueError when the part is there already."""
        if self.find(part) is not None:
            raise ValueError(f"part {part} exists")
        types = self.read(CONTENT_TYPES)
        root = spans.elements(types, CONTENT_TYPES)[0]
        head = spans.prefix(types, root)
        name, kind = attribute("/" + part), attribute(content_type)
        entry = b'<%sOverride PartName="%s" ContentType="%s"/>' % (head, name, kind)
        self.replace(CONTENT_TYPES, append_child(types, root, entry))
        self._members[part] = None
        self._lower[part.lower()] = part
        self._new[part] = data

    def remove(self, part: str) -> None:
        """Remove a part, its own relationships and its content type; what points at it is the caller's."""
        name = self._name(part)
        own = self.find(relations_part(name))
        for gone in (name, own):
            if gone is not None:
                del self._members[gone]
                del self._lower[gone.lower()]
                self._new.pop(gone, None)
        self._removed = True
        types = self.read(CONTENT_TYPES)
        edits = [
            (element.start, element.end, b"")
            for element in spans.elements(types, CONTENT_TYPES)
            if element.attrs.get("PartName", "").lstrip("/").lower() == name.lower()
        ]
        if edits:
            self.replace(CONTENT_TYPES, spans.splice(types, edits))

    def relations(self, part: str) -> list[Relation]:
        """Relationships of a part (``""``: of the package itself), targets resolved to part names."""
        name = self.find(relations_part(part))
        if name is None:
            return []
        return [
            Relation(
                element.attrs.get("Id", ""),
                element.attrs.get("Type", "").rpartition("/")[2],
                resolve(part, element.attrs.get("Target", "")),
                element.attrs.get("TargetMode") == "External",
            )
            for element in spans.elements(self.read(name), name)
            if element.name == "Relationship"
        ]

    def to_bytes(self) -> bytes:
        """The package as bytes; the very bytes that were opened when nothing was changed."""
        if not self.changed:
            return self._data
        out: list[bytes] = []
        records: list[bytes] = []
        at = 0
        for name, member in self._members.items():
            if name in self._new or member is None:
                entry, record = archive.packed(name, self._new[name], at)
            else:
                entry, record = archive.copied(self._data, member, at)
            out.append(entry)
            records.append(record)
            at += len(entry)
        size = sum(map(len, records))
        return b"".join((*out, *records, archive.ending(len(records), size, at, self._comment)))

    def _name(self, part: str) -> str:
        name = self.find(part)
        if name is None:
            refuse("J514", part=part)
        return name


def relations_part(part: str) -> str:
    """Name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(part: str, target: str) -> str:
    """The part a relationship target means, seen from the part that declares it."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def append_child(data: bytes, parent: spans.Element, child: bytes) -> bytes:
    """The part with a child added as the last one of an element, which may be written ``<a/>``."""
    return spans.splice(data, [insertion(data, parent, child)])


def insertion(data: bytes, parent: spans.Element, child: bytes) -> spans.Edit:
    """The edit that adds a child as the last one of an element."""
    if parent.close != parent.end:
        return parent.close, parent.close, child
    tag = data[parent.start : parent.open_end]
    name = tag[1:].split(None, 1)[0].rstrip(b"/>")
    opened = tag[:-2].rstrip() + b">"
    return parent.start, parent.end, opened + child + b"</" + name + b">"
