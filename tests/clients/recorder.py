"""boto3 clients of a region whose every raw answer is held against AWS's model."""

import contextlib
import os
import time
from collections import Counter

import boto3
import botocore.config
import botocore.exceptions
import botocore.model

import shapes

CONFIG = botocore.config.Config(
    retries={"total_max_attempts": 1},
    parameter_validation=False,
    inject_host_prefix=False,
    connect_timeout=5,
    read_timeout=30,
)


class Recorder:
    """Makes clients, and keeps what their calls came to."""

    def __init__(self):
        self.passed = Counter()
        self.refused = Counter()
        self.problems = []
        self.endpoint = os.environ["AWS_ENDPOINT_URL"]

    def client(self, service, **more):
        client = boto3.client(service, endpoint_url=self.endpoint, config=CONFIG, **more)
        client.meta.events.register("response-received", self.look(client))
        return client

    def look(self, client):
        model = client.meta.service_model

        def received(event_name, response_dict=None, **_):
            if response_dict is None:
                return
            operation = event_name.rsplit(".", 1)[1]
            key = (model.service_id, operation)
            if not 200 <= response_dict["status_code"] < 300:
                self.refused[key] += 1
                return
            self.passed[key] += 1
            found = shapes.problems(model.operation_model(operation), model.resolved_protocol, response_dict)
            self.problems.extend(f"{model.service_id} {operation}: {text}" for text in found)

        return received

    def refuses(self, code, call):
        """The call is refused with this code."""
        try:
            call()
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != code:
                self.problems.append(f"refused with {error}, not {code}")
        else:
            self.problems.append(f"not refused with {code}")


@contextlib.contextmanager
def speaking(protocol):
    """Clients made meanwhile speak this protocol, of those that their service has."""
    usual = botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS
    botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = (protocol, *usual)
    try:
        yield
    finally:
        botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = usual


def subnets(ec2):
    """The subnets of the VPC that is there from the start: other tests make their own meanwhile."""
    there = [{"Name": "default-for-az", "Values": ["true"]}]
    return [subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=there)["Subnets"]]


def until(what, look, patience=180):
    """Looks until there is something to see, and answers it."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"{what}: not within {patience} s")
