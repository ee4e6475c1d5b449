"""One class for each type of identifier. To add one: a class with `name` and `find`, listed in `standard`."""
