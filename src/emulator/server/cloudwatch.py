"""Mends of CloudWatch: metric data, and alarms with a history. Nothing here evaluates an alarm: the playground does."""

import json

from clock import instant, moto_now
from mend import Refused, mend
from metrics import Metrics, seconds
from moto.cloudwatch.models import CloudWatchBackend, MetricDatum
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

NOT_CALCULATED = "the emulated CloudWatch calculates SampleCount, Sum, Average, Minimum, Maximum and percentiles, not"


@mend(CloudWatchBackend, "__init__")
def data_and_history_are_kept(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.metrics, self.alarm_history = Metrics(), []


@mend(CloudWatchBackend, "put_metric_data")
def data_are_counted(_, self, namespace, metric_data):
    """moto keeps an object for each single value, for ever."""
    for number, datum in enumerate(metric_data, 1):
        self._validate_parameters_put_metric_data(datum, number)
        self.metrics.put(namespace, datum, moto_now())
    self.metrics.forget()


@mend(CloudWatchBackend, "get_all_metrics")
def metrics_are_listed(original, self):
    series = list(self.metrics.series)
    return original(self) + [
        MetricDatum(
            namespace, name, 0, [{"Name": key, "Value": value} for key, value in sorted(dimensions)], None, unit
        )
        for namespace, name, dimensions, unit in series
    ]


@mend(CloudWatchResponse, "get_metric_statistics")
def statistics_are_calculated(_, self):
    """moto has no percentiles, and finds the data of more dimensions than are asked for."""
    plain, extended = self._get_param("Statistics", []), self._get_param("ExtendedStatistics", [])
    if not plain and not extended:
        raise Refused("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
    start, end = self._get_param("StartTime"), self._get_param("EndTime")
    if seconds(start) >= seconds(end):
        raise Refused("InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime.")
    found = self.cloudwatch_backend.metrics.get(
        self._get_params(), start, end, self._get_int_param("Period"), self._get_param("Unit")
    )
    return ActionResult(
        {
            "Label": self._get_param("MetricName"),
            "Datapoints": [
                {
                    "Timestamp": date,
                    "Unit": unit or "None",
                    **{name: value_of(sample, name) for name in plain},
                    **({"ExtendedStatistics": percentiles_of(sample, extended)} if extended else {}),
                }
                for date, sample, unit in found
            ],
        }
    )


def percentiles_of(sample, names):
    values = {name: value_of(sample, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def value_of(sample, statistic):
    try:
        return sample.statistic(statistic)
    except ValueError as unknown:
        raise Refused("InvalidParameterValue", f"{NOT_CALCULATED} {statistic}") from unknown


@mend(CloudWatchBackend, "get_metric_data")
def queries_are_answered(_, self, queries, start_time, end_time, scan_by="TimestampDescending"):
    """moto answers an expression with nothing, unless it is the id of another query."""
    if seconds(start_time) >= seconds(end_time):
        raise Refused("ValidationError", "The parameter EndTime must be greater than StartTime.")
    expressions = [query["Id"] for query in queries if "MetricStat" not in query]
    if expressions:
        raise Refused("ValidationError", f"The emulated CloudWatch calculates no expressions: {', '.join(expressions)}")
    return [
        answer_of(self.metrics, query, start_time, end_time, scan_by)
        for query in queries
        if query.get("ReturnData") is not False
    ]


def answer_of(metrics, query, start, end, scan_by):
    asked = query["MetricStat"]
    found = metrics.get(asked["Metric"], start, end, int(asked["Period"]), asked.get("Unit"))
    points = [(date, value_of(sample, asked["Stat"])) for date, sample, _ in found]
    points = [point for point in points if point[1] is not None]
    if scan_by != "TimestampAscending":
        points.reverse()
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or asked["Metric"]["MetricName"],
        "Timestamps": [date for date, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete",
    }


@mend(CloudWatchBackend, "put_metric_alarm")
def alarms_are_born_without_data(original, self, *args, **kwargs):
    """And an update leaves the state as it is.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    before = self.alarms.get(kwargs["name"])
    alarm = original(self, *args, **kwargs)
    if before is None:
        alarm.state_value = "INSUFFICIENT_DATA"
        alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
    else:
        state = {name: value for name, value in vars(before).items() if name.startswith("state_")}
        vars(alarm).update(state)
    note_configuration(self, alarm, "created" if before is None else "updated")
    return alarm


@mend(CloudWatchBackend, "delete_alarms")
def deletions_are_noted(original, self, alarm_names):
    for alarm in self.get_alarms_by_alarm_names(alarm_names):
        note_configuration(self, alarm, "deleted")
    original(self, alarm_names)


def note_configuration(backend, alarm, what):
    verb = {"created": "Create", "updated": "Update", "deleted": "Delete"}[what]
    data = {"version": "1.0", "type": verb}
    note(backend, alarm, moto_now(), "ConfigurationUpdate", f'Alarm "{alarm.name}" {what}', data)


@mend(CloudWatchBackend, "set_alarm_state")
def states_have_a_history(original, self, alarm_name, reason, reason_data, state_value):
    """The date is the reason's, where that has one, as that of an evaluation has."""
    alarm = self.alarms.get(alarm_name)
    before = alarm and state_of(alarm)
    original(self, alarm_name, reason, reason_data, state_value)
    queried = json.loads(reason_data or "{}").get("queryDate")
    at = instant(queried) if queried else moto_now()
    alarm.state_updated_timestamp = at
    if state_value == before["stateValue"]:
        return
    alarm.state_transitioned_timestamp = at
    data = {"version": "1.0", "oldState": before, "newState": state_of(alarm)}
    note(self, alarm, at, "StateUpdate", f"Alarm updated from {before['stateValue']} to {state_value}", data)


def state_of(alarm):
    data = json.loads(alarm.state_reason_data or "{}")
    return {
        "stateValue": alarm.state_value,
        "stateReason": alarm.state_reason,
        **({"stateReasonData": data} if data else {}),
    }


def note(backend, alarm, at, kind, summary, data):
    item = {
        "AlarmName": alarm.name,
        "AlarmType": "MetricAlarm" if alarm.rule is None else "CompositeAlarm",
        "Timestamp": at,
        "HistoryItemType": kind,
        "HistorySummary": summary,
        "HistoryData": json.dumps(data),
    }
    backend.alarm_history.append(item)


def describe_alarm_history(self):
    """The newest first, also of alarms that were deleted. moto has none."""
    name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
    start, end = self._get_param("StartDate"), self._get_param("EndDate")
    found = [
        item
        for item in sorted(self.cloudwatch_backend.alarm_history, key=lambda item: seconds(item["Timestamp"]))
        if name in (None, item["AlarmName"])
        and kind in (None, item["HistoryItemType"])
        and (start is None or seconds(start) <= seconds(item["Timestamp"]))
        and (end is None or seconds(item["Timestamp"]) <= seconds(end))
    ]
    if self._get_param("ScanBy") != "TimestampAscending":
        found.reverse()
    begin, most = int(self._get_param("NextToken") or 0), self._get_int_param("MaxRecords") or 100
    more = {"NextToken": str(begin + most)} if len(found) > begin + most else {}
    return ActionResult({"AlarmHistoryItems": found[begin : begin + most], **more})


CloudWatchResponse.describe_alarm_history = describe_alarm_history
