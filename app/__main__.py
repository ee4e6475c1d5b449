"""`python -m app`: the same as the command `blether`."""

from app.cli import main

main()
