"""What people are told, what they agree to, and how they take it back.

This room records agreement as an ethical choice; it never makes anybody's care, or an answer's erasure, depend on it.
"""
