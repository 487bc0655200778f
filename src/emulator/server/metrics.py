"""Metric data as CloudWatch keeps them: by minute, every value with its count, so that percentiles can be asked for."""

import math
import re
from collections import Counter, defaultdict
from datetime import datetime, timezone

KEPT_SECONDS = 3 * 3600
PERCENTILE = re.compile(r"p(\d{1,2}(\.\d+)?|100)$")


class Sample:
    """What was put for some time: single values, and statistic sets, which have no percentiles."""

    def __init__(self):
        self.values, self.sets = Counter(), []

    def add(self, other):
        self.values.update(other.values)
        self.sets.extend(other.sets)

    def statistic(self, name):
        """None where there is none. :raises ValueError: for a statistic that is not calculated here"""
        if PERCENTILE.match(name):
            return None if self.sets else self.percentile(float(name[1:]))
        count = sum(self.values.values()) + sum(each["SampleCount"] for each in self.sets)
        total = sum(value * times for value, times in self.values.items()) + sum(each["Sum"] for each in self.sets)
        calculated = {
            "SampleCount": lambda: count,
            "Sum": lambda: total,
            "Average": lambda: total / count,
            "Minimum": lambda: min([*self.values, *(each["Minimum"] for each in self.sets)]),
            "Maximum": lambda: max([*self.values, *(each["Maximum"] for each in self.sets)]),
        }
        if name not in calculated:
            raise ValueError(name)
        return calculated[name]()

    def percentile(self, percent):
        """The least value that so many percent of the values do not exceed."""
        left = math.ceil(percent / 100 * sum(self.values.values()))
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
            for value, count in zip(datum["Values"], datum.get("Counts") or [1] * len(datum["Values"])):
                sample.values[value] += count
        elif datum.get("StatisticValues"):
            sample.sets.append(datum["StatisticValues"])
        else:
            sample.values[datum.get("Value", 0)] += 1
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
        return [(datetime.fromtimestamp(at, timezone.utc), *found[at]) for at in sorted(found)]


def named(dimensions):
    return frozenset((each["Name"], each["Value"]) for each in dimensions or [])


def seconds(date):
    return int((date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp())
