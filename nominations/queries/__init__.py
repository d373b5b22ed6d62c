"""Reads across rows, each scoped to an actor, one file per subject."""
