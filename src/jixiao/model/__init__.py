"""Model: the nouns all rooms share. In: nothing of other rooms; out: sources, facts, references, findings, expressions."""
