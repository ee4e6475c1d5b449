"""The loops: turns, delivery, clocks. Each can be stopped, beats its heart, and outlives a database that is away."""
