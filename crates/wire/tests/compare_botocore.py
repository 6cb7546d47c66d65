#!/usr/bin/env python3
"""Compares this room with botocore, AWS's own codec: for every operation,

* what botocore writes as a request, this room must read as the same value (and find valid);
* what this room writes as a request, botocore must write the same way;
* what this room writes as an answer, botocore must read as the same value;
* what this room writes as a refusal, botocore must read as code and message.

Run it from anywhere, with botocore of the version that the shapes were generated from:

    cargo build -p wire --example roundtrip
    PYTHONPATH=crates/api/models/1.44.5 python3 crates/wire/tests/compare_botocore.py [rounds]

It ends with the number of comparisons, or at the first difference.
"""

import base64
import datetime
import json
import pathlib
import random
import re
import subprocess
import sys
import urllib.parse

import botocore
import botocore.parsers
import botocore.serialize
import botocore.session

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILTER = ROOT / "target/debug/examples/roundtrip"
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


class Room:
    """The other end: this room as a filter."""

    def __init__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([FILTER], stdin=pipe, stdout=pipe, text=True)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Generator:
    """Values along botocore's shapes, within their constraints."""

    FITTING = [
        "shop-1", "/shop/", "/", "arn:aws:iam::000000000000:role/shop",
        "arn:aws:elasticloadbalancing:eu-west-1:000000000000:x", "200", "HTTPS", "eu-west-1",
        "000000000000", "000000", "ipam-pool-1", "ipv4pool-coip-1", "Name", "24h",
        "a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1", "shop.example", "1",
        "arn:aws:acm:eu-west-1:000000000000:certificate/1",
        "arn:aws:application-autoscaling:eu-west-1:000000000000:scalable-target/1",
        "arn:aws:acm-pca:eu-west-1:000000000000:certificate-authority/1",
        "arn:aws:billing::000000000000:billingview/shop",
        "Sum",
        "arn:aws:cloudfront::000000000000:function/shop",
        "arn:aws:cloudfront::000000000000:key-value-store/a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ]

    def __init__(self, seed, protocol):
        self.random = random.Random(seed)
        self.protocol = protocol

    def value(self, shape, depth=0):
        return getattr(self, shape.type_name, self.string)(shape, depth)

    def structure(self, shape, depth):
        if shape.is_document_type:
            return {"a": [1, 0.5, None, "b"], "c": {}}
        # A form can't say that a structure is there which has no members.
        unsayable = lambda held: held.type_name == "structure" and not held.members
        in_form = self.protocol in ("query", "ec2")
        names = [name for name, held in shape.members.items() if not (in_form and unsayable(held))]
        chosen = self.random.choice(names) if names else None
        wanted = [
            name for name in names
            if name in shape.required_members or name == chosen
            or (depth < 6 and self.random.random() < 0.5)
        ]
        return {name: self.value(shape.members[name], depth + 1) for name in wanted}

    def list(self, shape, depth):
        least = 1 if self.protocol == "ec2" else 0
        return [self.value(shape.member, depth + 1) for _ in range(self.count(shape, least))]

    def map(self, shape, depth):
        least = 1 if self.protocol in ("query", "ec2") else 0
        return {
            self.value(shape.key): self.value(shape.value, depth + 1)
            for _ in range(self.count(shape, least))
        }

    def string(self, shape, depth):
        if shape.enum:
            return self.random.choice(shape.enum)
        if "pattern" in shape.metadata:
            return self.fitting(shape)
        letters = "aZ7- &<>\"'+%=/.éチ😀" + ("\n\t\x00\\" if self.protocol == "json" else "")
        return "".join(self.random.choice(letters) for _ in range(self.count(shape, 0)))

    def fitting(self, shape):
        pattern = shape.metadata["pattern"].replace(r"\p{L}\p{Z}\p{N}", "a-zA-Z0-9 ")
        pattern = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", "").replace(r"\p{Print}", "[ -~]")
        least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 10**9)
        for text in self.FITTING:
            if least <= len(text) <= most and re.fullmatch(pattern, text):
                return text
        raise SystemExit(f"no text fits {pattern}")

    def boolean(self, shape, depth):
        return self.random.random() < 0.5

    def integer(self, shape, depth):
        least = shape.metadata.get("min", -(2**31))
        return self.random.choice([least, min(shape.metadata.get("max", 2**31 - 1), 2**31 - 1)])

    def long(self, shape, depth):
        least = shape.metadata.get("min", -(2**63))
        return self.random.choice([least, min(shape.metadata.get("max", 2**63 - 1), 2**63 - 1)])

    def double(self, shape, depth):
        return self.random.randrange(0, 400) / 4

    float = double

    def blob(self, shape, depth):
        return self.random.randbytes(self.count(shape, 0))

    def timestamp(self, shape, depth):
        return EPOCH + datetime.timedelta(milliseconds=self.random.randrange(3 * 10**12))

    def count(self, shape, least):
        least = max(shape.metadata.get("min", least), least)
        return self.random.randint(least, min(shape.metadata.get("max", 10**9), least + 3))


def shown(value):
    """A value as the other end shows it."""
    if isinstance(value, dict):
        return {key: shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shown(inner) for inner in value]
    if isinstance(value, bytes):
        return {"$blob": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {"$millis": round((value - EPOCH) / datetime.timedelta(milliseconds=1))}
    return value


def taken(value):
    """What `shown` made, as botocore takes it."""
    if isinstance(value, dict):
        if "$blob" in value:
            return base64.b64decode(value["$blob"])
        if "$millis" in value:
            return EPOCH + datetime.timedelta(milliseconds=value["$millis"])
        return {key: taken(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [taken(inner) for inner in value]
    return value


def same(what, expected, got):
    if expected != got:
        raise SystemExit(f"{what} differs:\n  expected {expected}\n  got      {got}")


def body_of(request):
    """A request's body in bytes; botocore leaves a form's encoding to its HTTP layer."""
    body = request["body"]
    return urllib.parse.urlencode(body).encode() if isinstance(body, dict) else body


def parsed(request_body, protocol):
    """A request's body with no regard to order."""
    if protocol == "json":
        return json.loads(request_body)
    if protocol == "smithy-rpc-v2-cbor":
        parser = botocore.parsers.create_parser(protocol)
        return parser.parse_data_item(parser.get_peekable_stream_from_bytes(request_body))
    pairs = urllib.parse.parse_qsl(request_body.decode(), keep_blank_values=True)
    return {name: shortest(text) for name, text in pairs}


def shortest(text):
    """A number or a point in time with as many decimals as it takes; any other text as it is."""
    found = re.fullmatch(r"(-?\d+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)(Z?)", text)
    return found[1] + found[2].rstrip("0").rstrip(".") + found[3] if found else text


def compare(room, model, service, protocol, name, seed):
    operation = model.operation_model(name)
    what = f"{service} {name} in {protocol} (seed {seed})"
    ask = dict(service=service, protocol=protocol, operation=name, seed=seed)
    serializer = botocore.serialize.create_serializer(protocol)
    parser = botocore.parsers.create_parser(protocol)

    if operation.input_shape is not None:
        value = Generator(seed, protocol).value(operation.input_shape)
        request = serializer.serialize_to_request(value, operation)
        headers = [["authorization", f"AWS4-HMAC-SHA256 Credential=k/d/r/{model.signing_name}/t, x=y"]]
        headers += [[key, text] for key, text in request["headers"].items()]
        got = room.ask(
            ask="decode", method=request["method"], uri=request["url_path"], headers=headers,
            body=base64.b64encode(body_of(request)).decode(),
        )
        same(what, {"operation": name, "value": shown(value)}, got)

        got = room.ask(ask="request", **ask)
        request = serializer.serialize_to_request(taken(got["value"]), operation)
        body = base64.b64decode(got["body"])
        same(what, parsed(body_of(request), protocol), parsed(body, protocol))
        headers = {key.lower(): text for key, text in request["headers"].items()}
        same(what, headers, dict(got["headers"]))
        same(what, request["url_path"], got["path"])

    got = room.ask(ask="answer", **ask)
    answer = {
        "status_code": got["status"], "headers": dict(got["headers"]),
        "body": base64.b64decode(got["body"]), "context": {},
    }
    read = parser.parse(answer, operation.output_shape)
    # botocore's reader of CBOR looks for an id only where there is an output.
    same(what, "id", read.pop("ResponseMetadata").get("RequestId", "id"))
    same(what, got["value"] if operation.output_shape else {}, shown(read))


def compare_refusal(room, service, protocol, message):
    parser = botocore.parsers.create_parser(protocol)
    got = room.ask(ask="refuse", service=service, protocol=protocol, message=message)
    answer = {
        "status_code": got["status"], "headers": dict(got["headers"]),
        "body": base64.b64decode(got["body"]),
    }
    read = parser.parse(answer, None)
    same(service, ("SomeCode", message), (read["Error"]["Code"], read["Error"].get("Message", "") or ""))
    same(service, "id", read["ResponseMetadata"]["RequestId"])


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    loader = botocore.session.get_session().get_component("data_loader")
    # The generators know no unions; botocore refuses one that has several members set.
    botocore.model.StructureShape.is_tagged_union = property(lambda shape: False)
    room, count = Room(), 0
    for entry in room.ask(ask="list"):
        service = entry["service"]
        description = loader.load_service_model(service, "service-2")
        model = botocore.model.ServiceModel(description, service)
        for protocol in model.metadata["protocols"]:
            for name in entry["operations"]:
                for seed in range(rounds):
                    compare(room, model, service, protocol, name, seed)
                    count += 1
            for message in ["no", "a<b>&\"é\" 'c'", ""]:
                compare_refusal(room, service, protocol, message)
    room.close()
    print(f"botocore {botocore.__version__}: {count} comparisons of {rounds} rounds, no difference")


if __name__ == "__main__":
    main()
