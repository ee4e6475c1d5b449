"""How messages come in and go out: one folder per channel, one intake, one set of outbox rules."""
