"""Metric data as CloudWatch keeps them: by minute, every value with its count, so that percentiles can be asked for."""

import math
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime

KEPT_SECONDS = 3 * 3600
PERCENTILE = re.compile(r"p(\d{1,2}(\.\d+)?|100)$")


class Sample:
    """What was put for some time. Percentiles are of values with three digits; a statistic set has none."""

    def __init__(self):
        self.count, self.total, self.least, self.greatest = 0, 0, math.inf, -math.inf
        self.values = Counter()

    def put(self, value, times=1):
        self.merge(times, value * times, value, value)
        self.values[float(f"{value:.3g}")] += times

    def put_set(self, each):
        self.merge(each["SampleCount"], each["Sum"], each["Minimum"], each["Maximum"])

    def add(self, other):
        self.merge(other.count, other.total, other.least, other.greatest)
        self.values.update(other.values)

    def merge(self, count, total, least, greatest):
        self.count, self.total = self.count + count, self.total + total
        self.least, self.greatest = min(self.least, least), max(self.greatest, greatest)

    def statistic(self, name):
        """None where there is none. :raises ValueError: for a statistic that is not calculated here"""
        if PERCENTILE.match(name):
            return self.percentile(float(name[1:]))
        calculated = {
            "SampleCount": self.count,
            "Sum": self.total,
            "Average": self.total / self.count,
            "Minimum": self.least,
            "Maximum": self.greatest,
        }
        if name not in calculated:
            raise ValueError(name)
        return calculated[name]

    def percentile(self, percent):
        """The least value that so many percent of the values do not exceed."""
        if sum(self.values.values()) < self.count:
            return None
        left = math.ceil(percent / 100 * self.count)
        for value in sorted(self.values):
            left -= self.values[value]
            if left <= 0:
                return value
        return None


class Metrics:
    """A series for each namespace, name, dimensions and unit: seconds since 1970 → sample."""

    def __init__(self):
        self.series = defaultdict(dict)
        self.newest = 0

    def put(self, namespace, datum, now):
        """:param datum: as PutMetricData has it"""
        stamp = seconds(datum.get("Timestamp") or now)
        stamp -= stamp % (1 if datum.get("StorageResolution") == 1 else 60)
        key = (namespace, datum["MetricName"], named(datum.get("Dimensions")), datum.get("Unit"))
        sample = self.series[key].setdefault(stamp, Sample())
        if datum.get("Values"):
            for value, count in zip(datum["Values"], datum.get("Counts") or [1] * len(datum["Values"]), strict=True):
                sample.put(value, count)
        elif datum.get("StatisticValues"):
            sample.put_set(datum["StatisticValues"])
        else:
            sample.put(datum.get("Value", 0))
        self.newest = max(self.newest, stamp)

    def forget(self):
        """AWS keeps them for days; nothing here looks back further, and the memory is a laptop's."""
        oldest = self.newest - KEPT_SECONDS
        kept = {key: {at: each for at, each in points.items() if at >= oldest} for key, points in self.series.items()}
        self.series = defaultdict(dict, {key: points for key, points in kept.items() if points})

    def get(self, metric, start, end, period, unit=None):
        """Periods that begin with the start's whole minute, the oldest first: (date, sample, unit) of those with data.

        :param metric: Namespace, MetricName and Dimensions; of these all have to be the metric's
        """
        begin = seconds(start) // 60 * 60
        wanted = (metric.get("Namespace"), metric["MetricName"], named(metric.get("Dimensions")))
        found = {}
        for (*key, own), points in list(self.series.items()):
            if tuple(key) != wanted or (unit or own) != own:
                continue
            for at, sample in list(points.items()):
                if begin <= at < seconds(end):
                    beginning = begin + (at - begin) // period * period
                    found.setdefault(beginning, (Sample(), own))[0].add(sample)
        return [(datetime.fromtimestamp(at, UTC), *found[at]) for at in sorted(found)]


def named(dimensions):
    return frozenset((each["Name"], each["Value"]) for each in dimensions or [])


def seconds(date):
    return int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())
