"""The staff's web pages: engagement, inspectors, safeguarding.

They never show a word that was not masked, save where a named person opens it and gives a reason.
"""
