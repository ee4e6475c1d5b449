"""The roof: settings, the command line, start-up and the loops.

It wires the rooms together and decides nothing for them.
"""
