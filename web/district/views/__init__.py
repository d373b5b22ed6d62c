"""The pages of a district bureau, one file per part of its work."""
