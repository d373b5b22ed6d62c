"""Everybody's own account: sign-ins, second factor, tokens, notices, reading."""
