"""The ground floor: the database, the sealed box, the audit chain, and the small types everybody speaks."""
