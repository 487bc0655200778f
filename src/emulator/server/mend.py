"""How an answer of moto is mended: each mend is for one that differs from AWS, and shows in a plan or misleads."""

from functools import wraps

from moto.core.exceptions import ServiceException


class Refused(ServiceException):
    """Refused(CODE, MESSAGE), in AWS's words. A class of moto's could only have codes of the service's model."""


def mend(owner, name):
    """Replaces a method by one that is given the old one first."""

    def decorate(mended):
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(lambda *args, **kwargs: mended(original, *args, **kwargs)))
        return mended

    return decorate
