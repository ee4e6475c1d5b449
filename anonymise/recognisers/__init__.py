"""One class for each type of identifier. To add one, write a class with a `name` and a `find`, and list it in `standard`."""
