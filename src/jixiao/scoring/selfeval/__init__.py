"""The self-evaluation forms inside the net: rows, blocks and totals of each table, and the roll-up of the projects."""
