"""What is really in a file: the room where hostile bytes are read, by parsers under caps."""
