"""The commands, each in a small module of its own. None imports anything heavy before it is asked to work."""
