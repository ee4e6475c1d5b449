"""Takes out of words whatever could point at somebody. Pure functions: no database, no network, nothing is kept."""
