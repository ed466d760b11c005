"""Requirements, programmes, yearly plans, classes and results (đào tạo, bồi dưỡng)."""
