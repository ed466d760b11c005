"""Taking a record workbook back: every line compared with the record, all of it written or nothing."""
