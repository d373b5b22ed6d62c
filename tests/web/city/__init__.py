"""Pages of the city bureau."""
