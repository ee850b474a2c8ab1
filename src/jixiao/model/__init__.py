"""Model: the nouns all rooms share. In: nothing from other rooms; out: sources, facts, references, findings, expressions."""
