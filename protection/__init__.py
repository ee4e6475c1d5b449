"""Keeping people safe: the screen that reads every message, looks and alerts, helplines, and fixed replies.

It never decides that somebody is safe, never promises secrecy, and never waits for anything but a person.
"""
