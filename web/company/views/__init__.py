"""The pages of the company's desk, by what they are about."""
