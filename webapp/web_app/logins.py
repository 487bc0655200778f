"""Who is logged in: the one place that begins, reads and ends a login."""

from __future__ import annotations

import time
from datetime import timedelta

from flask import session

from .employees import employee_id

#: How far the clocks of two servers may be apart.
CLOCKS_APART_SECONDS = 60


class CookieLogins:
    """A login is what its signed cookie says, and no server remembers it.

    So every server knows it, and it ends when its time is over, counted from the login itself. Logging out deletes the
    cookie in the browser; a copy that somebody kept remains valid until then, or until ``SECRET_KEY`` is another.
    Logins that a cache keeps, with these three methods, can end on the server.
    """

    def __init__(self, lifetime: timedelta) -> None:
        self._seconds = lifetime.total_seconds()

    def begin(self, employee: str) -> None:
        session.clear()  # nothing from before the login, a CSRF token that somebody planted included, outlives it
        session["employee_id"] = employee
        session["login_at"] = int(time.time())
        session.permanent = True

    def current(self) -> str | None:
        """The employee's id. A signed session can be older than the list of employees, so it is looked at again."""
        at = session.get("login_at")
        # The cookie's own timestamp is that of its last signature, and a page that adds to the session signs anew.
        if not isinstance(at, int) or not -CLOCKS_APART_SECONDS <= time.time() - at < self._seconds:
            return None
        return employee_id(str(session.get("employee_id", "")))

    def end(self) -> None:
        session.clear()
