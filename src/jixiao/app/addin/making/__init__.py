"""From text to files that Excel and LibreOffice load: icons, the VBA project, the packages. The same bytes everywhere.

Standard library only, and nothing that depends on this machine: no clock, no compression library whose output
changes with its version, no order of files on a disk.
"""
