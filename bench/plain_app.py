"""The baseline of `npm run bench:webapp`: the same three answers, and no other feature of our application."""

import socket

import psutil
from flask import Flask, jsonify, render_template_string

app = Flask(__name__)
HOST = socket.gethostname()
PAGE = "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><form method=post><input name=employee_id></form>"


@app.get("/")
def front():
    return render_template_string(PAGE, title="Log in")


@app.get("/dashboard")
def dashboard():
    return render_template_string(PAGE, title="Dashboard")


@app.get("/status")
def status():
    return jsonify(server={"id": HOST, "zone": None}, cpu_percent=psutil.cpu_percent(), load={"running": False})
