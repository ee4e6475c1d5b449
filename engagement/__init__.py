"""Who is asked what, and when: rounds, frameworks of statements, participants and their progress, invitations.

This room never sees a provider or the dialogue; it knows people only by random ids.
"""
