"""Decisions on the web (quyết định): the register, drawing up, entering after the fact, checking, signing, revising."""

from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
