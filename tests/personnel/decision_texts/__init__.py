"""Texts of decisions and the templates of offices."""
