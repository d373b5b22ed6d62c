"""Verbs of the domain, one file per subject; each is one transaction, told by one event where others need to know."""
