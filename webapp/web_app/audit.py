"""Who did what, from where, on which server: a line for each in the log, beside the requests' own.

The message is one of a few constants, and what comes from outside is a field of the JSON object: nobody can write a
line of his own. What somebody typed is not logged, since a password ends up in the wrong field now and then.
"""

from __future__ import annotations

import logging

from flask import current_app, request

logger = logging.getLogger("web_app.audit")


def audit(event: str, employee: str | None, **fields: object) -> None:
    """Write the line; the formatter adds the load balancer's trace id.

    :param event: such as ``sign-in``
    :param employee: who; None if nobody that is known
    """
    server = current_app.extensions["server"].name
    line = {"event": event, "employee": employee, "client": request.remote_addr, "server": server, **fields}
    logger.info("audit: %s", event, extra={"fields": line})
