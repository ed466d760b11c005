"""Decisions (quyết định): what each kind says, checks and writes; the register; signing; revising."""
