"""The desk of a property service company: its communities, its forms, and what becomes of them."""
