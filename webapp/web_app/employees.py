"""Who may log in."""

from __future__ import annotations

import re

LAST = 20


def employee_id(text: str) -> str | None:
    """Turn what somebody typed into an employee id: ``" 1 "`` → ``"001"``; None if it is not one of 001 to 020."""
    # [0-9] and not \d, which takes the digits of every script; int() takes even more.
    digits = re.fullmatch(r"[0-9]{1,3}", text.strip(" "))
    if digits and 1 <= int(digits[0]) <= LAST:
        return f"{int(digits[0]):03}"
    return None
