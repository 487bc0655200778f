from __future__ import annotations

from pathlib import Path

import pytest
from conftest import log_in
from prometheus_client import values

from web_app import metrics


def test_counts_requests_by_endpoint_and_logins_by_result(client):
    log_in(client, employee_id="x")
    log_in(client, employee_id="1")
    client.get("/no/such/page")
    client.open("/", method="PROPFIND")
    text = client.get("/metrics").text
    assert 'web_app_requests_total{endpoint="auth.log_in",method="POST",status="400"} 1.0' in text
    assert 'web_app_requests_total{endpoint="none",method="GET",status="404"} 1.0' in text
    assert 'method="other"' in text
    assert 'web_app_logins_total{result="accepted"} 1.0' in text
    assert 'web_app_request_seconds_count{endpoint="auth.front"} 2.0' in text
    assert "web_app_cpu_percent" in text


def test_a_request_refused_before_any_view_is_counted_too(client):
    client.post("/", data={})
    assert 'endpoint="auth.log_in",method="POST",status="400"' in client.get("/metrics").text


def test_a_format_that_prometheus_knows(client):
    assert client.get("/metrics").content_type.startswith("text/plain; version=0.0.4")


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """As under gunicorn: the numbers are in files. What a process keeps of it is restored."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setattr(values, "MmapedDict", values.MmapedDict)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    monkeypatch.setenv("WORKER_SLOT", "0")
    return tmp_path / "metrics"


def test_a_file_has_all_its_space_from_the_start(shared, make_app):
    client = make_app().test_client()
    client.get("/")
    files = list(shared.glob("*.db"))
    assert {file.name for file in files} >= {"counter_0.db", "histogram_0.db"}
    for file in files:
        assert file.stat().st_blocks * 512 >= metrics.FILE_BYTES
    assert 'endpoint="auth.front"' in client.get("/metrics").text


def test_without_space_for_its_file_a_worker_serves_on_and_says_so(shared, make_app, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    client = make_app().test_client()
    assert [client.get("/").status_code for _ in range(3)] == [200] * 3
    assert "No space left on device): the metrics leave this worker out" in caplog.text
    assert client.get("/metrics").status_code == 200
    assert list(shared.glob("*.db")) == []


def test_without_a_folder_the_metrics_are_those_of_one_worker(shared, make_app, caplog):
    shared.write_text("a file is here")
    client = make_app().test_client()
    assert client.get("/").status_code == 200
    assert 'endpoint="auth.front"' in client.get("/metrics").text
    assert "the metrics are those of one worker" in caplog.text
