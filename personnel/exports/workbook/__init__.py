"""The record workbook (sổ hồ sơ): whole records, one sheet a part, that the import takes back."""
