"""A second thought about "it is safe to write to me". Errs towards not safe: a text on a shared phone can hurt."""

from bot.understand.normal import plain, wording


def doubtful(text: str) -> bool:
    """Does a text that sounds like "this is safe" name a person, a negation or a fear that could make it otherwise?"""
    return not set(wording("safety")["doubt"]).isdisjoint(plain(text).split())


def names_the_way(text: str) -> bool:
    """Does it speak of the phone, of texts or of being contacted, and not only of being safe?"""
    return not set(wording("safety")["way"]).isdisjoint(plain(text).split())
