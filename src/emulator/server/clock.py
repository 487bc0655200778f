"""The date of the emulated AWS: this machine's, until a playground sets a clock that runs faster."""

import time
from datetime import UTC, datetime, timedelta

import moto.autoscaling.models
import moto.cloudwatch.models
import moto.ec2.models.instances


class Clock:
    date = datetime.now(UTC)
    since = time.monotonic()
    speed = 1.0


def set_clock(date=None, speed=None):
    """From now on it is this date (ISO 8601), and a second here is so many seconds there; without them it runs on.

    :returns: the date before
    """
    before = now()
    if date:
        Clock.date, Clock.since, Clock.speed = instant(date), time.monotonic(), float(speed)
    return {"date": before.isoformat(timespec="milliseconds")}


def now():
    return Clock.date + timedelta(seconds=(time.monotonic() - Clock.since) * Clock.speed)


def instant(iso):
    return datetime.fromisoformat(iso)


def moto_now():
    """moto counts in UTC and does not say so."""
    return now().replace(tzinfo=None)


for module in [moto.autoscaling.models, moto.cloudwatch.models, moto.ec2.models.instances]:
    module.utcnow = moto_now
