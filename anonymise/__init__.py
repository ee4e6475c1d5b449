"""Takes out of people's words whatever could point at them. Pure functions: no database, no network, nothing is kept."""
