from __future__ import annotations

from conftest import log_in


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


def test_for_this_machine_alone(client):
    assert client.get("/metrics").content_type.startswith("text/plain; version=0.0.4")
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.168.1.10"}).status_code == 404
    # The load balancer says who its client is, whatever that client claims to be.
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    balancer = {"REMOTE_ADDR": "192.168.1.10"}
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, environ_base=balancer).status_code == 404
