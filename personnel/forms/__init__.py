"""Forms of the record: one for each part of it; they check what was typed and never write."""
