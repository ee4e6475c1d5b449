"""One turn of a conversation: what was heard, what is to be done about it. In memory only; committed as a whole."""
