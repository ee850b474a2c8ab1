"""Report -> .docx: the typography of a Chinese public document. python-docx is used in this folder only."""
