"""Face for people: pages rendered on the server, complete without JavaScript."""
