"""How an answer of moto's is mended. Each mend stands for one that differs from AWS's and would show in a plan, or as an error."""

from functools import wraps


def mend(owner, name):
    """Replaces a method by one that is given the old one first."""

    def decorate(mended):
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(lambda *args, **kwargs: mended(original, *args, **kwargs)))
        return mended

    return decorate
