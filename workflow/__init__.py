"""Engine: how anything moves. It knows no nomination; see docs/decisions/0002 for its shape."""
