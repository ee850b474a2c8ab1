"""The tables of one unit's sources, one module a document; each exposes ``build(case, folder)``."""
