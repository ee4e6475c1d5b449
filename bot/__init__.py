"""The Rasa dialogue: what is understood, what is decided, what is said next. The one room that touches Rasa."""
