"""The web chat: one page, with or without JavaScript, that leaves no trace of what somebody wrote."""
