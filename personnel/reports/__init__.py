"""Documents on paper (biểu mẫu in): a snapshot of the record, the forms laid out from it, lists and batches."""
