"""Texts of decisions (văn bản quyết định): what the paper says, from one declaration for Word and for PDF."""
