"""How an answer of moto is mended: each mend is for one that differs from AWS and would show in a plan, or fail it."""

from functools import wraps


def mend(owner, name):
    """Replaces a method by one that is given the old one first."""

    def decorate(mended):
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(lambda *args, **kwargs: mended(original, *args, **kwargs)))
        return mended

    return decorate
