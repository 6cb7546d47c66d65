"""Holds raw answers against botocore's output shapes.

botocore's own parsers are forgiving: what they do not know they pass over, and what is missing they
leave out. Here every byte of an answer must be something that AWS's model allows.
"""

import base64
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime

import botocore.parsers

# Words that AWS answers and its model lacks: EC2's guide says that an attached gateway is `available`.
ELSEWHERE = {("AttachmentStatus", "available")}


def problems(operation_model, protocol, response):
    """What is wrong with a successful raw response, as a list of texts."""
    found = []
    content_type = response["headers"].get("content-type", "")
    if protocol == "json":
        version = operation_model.service_model.metadata["jsonVersion"]
        if content_type != f"application/x-amz-json-{version}":
            found.append(f"content type {content_type!r}")
        check_json_answer(operation_model, response["body"], found)
    elif protocol == "smithy-rpc-v2-cbor":
        body = response["body"]
        # Where there is no output there is no body, and nothing to say of it.
        if content_type != ("application/cbor" if operation_model.output_shape else ""):
            found.append(f"content type {content_type!r}")
        if response["headers"].get("smithy-protocol") != "rpc-v2-cbor":
            found.append("no smithy-protocol in the headers")
        check_json_answer(operation_model, body and json.dumps(cbor(body)).encode(), found)
    elif protocol == "rest-xml":
        check_rest_answer(operation_model, response, found)
    else:
        if not content_type.startswith("text/xml"):
            found.append(f"content type {content_type!r}")
        check_xml_answer(operation_model, protocol, response["body"], found)
    if not any(name in response["headers"] for name in ("x-amzn-requestid", "x-amz-request-id")):
        found.append("no request id in the headers")
    return found


# === JSON ===


def check_json_answer(operation_model, body, found):
    shape = operation_model.output_shape
    if shape is None:
        if body not in (b"", b"{}"):
            found.append(f"a body where the model has none: {body!r}")
        return
    check_json(shape, json.loads(body), operation_model.name, found)


def check_json(shape, value, path, found):
    kind = shape.type_name
    wrong = lambda: found.append(f"{path}: {value!r} is no {kind}")
    if kind == "structure":
        if not isinstance(value, dict):
            return wrong()
        if shape.metadata.get("document"):
            return
        members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        for name, inner in value.items():
            if name not in members:
                found.append(f"{path}.{name}: unknown member of {shape.name}")
            else:
                check_json(members[name][1], inner, f"{path}.{name}", found)
        check_required(shape, value, path, found)
    elif kind == "list":
        if not isinstance(value, list):
            return wrong()
        for at, inner in enumerate(value):
            check_json(shape.member, inner, f"{path}[{at}]", found)
    elif kind == "map":
        if not isinstance(value, dict):
            return wrong()
        for key, inner in value.items():
            check_text(shape.key, key, f"{path} key", found)
            check_json(shape.value, inner, f"{path}.{key}", found)
    elif kind == "string":
        if not isinstance(value, str):
            return wrong()
        check_text(shape, value, path, found)
    elif kind == "timestamp":
        # JSON 1.1 writes seconds since 1970, with a fraction.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1e9 < value < 4e9:
            wrong()
    elif kind == "boolean":
        if not isinstance(value, bool):
            wrong()
    elif kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            return wrong()
        check_whole(shape, value, path, found)
    elif kind in ("float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            wrong()
    elif kind == "blob":
        try:
            base64.b64decode(value, validate=True)
        except ValueError:
            wrong()
    else:
        found.append(f"{path}: no rule for {kind}")


# === CBOR ===


def cbor(body):
    """A CBOR body as JSON would have it."""
    parser = botocore.parsers.create_parser("smithy-rpc-v2-cbor")
    return as_json(parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)))


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    return value


# === REST with XML ===


def check_rest_answer(operation_model, response, found):
    shape, body, name = operation_model.output_shape, response["body"], operation_model.name
    if operation_model.has_streaming_output:
        return
    if shape is None:
        if body:
            found.append(f"{name}: a body where the model has none: {body!r}")
        return
    in_header = {member: held for member, held in shape.members.items() if held.serialization.get("location")}
    given = {}
    for member, held in in_header.items():
        text = response["headers"].get(held.serialization.get("name", member))
        if text is not None and held.type_name == "string":
            check_text(held, text, f"{name}.{member}", found)
        if text is not None:
            given[member] = True
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in ("string", "blob"):
        given[payload] = True
    elif payload:
        given[payload] = True
        check_xml_members(shape.members[payload], list(rooted(body, name, found)), name, found, "rest-xml")
    elif len(in_header) < len(shape.members):
        root = rooted(body, name, found)
        # Its one member is the text of the root itself.
        if name != "GetBucketLocation":
            inside = [child for child in root if split(child.tag)[1] not in in_header]
            given.update({member: True for member in shape.members})
            check_xml_members(shape, inside, name, found, "rest-xml")
    elif body:
        found.append(f"{name}: a body where the model has none: {body!r}")
    check_required(shape, given, name, found)


def rooted(body, name, found):
    root = ElementTree.fromstring(body)
    if not split(root.tag)[0].startswith("http://"):
        found.append(f"{name}: the root has no namespace")
    return root


# === XML ===


def check_xml_answer(operation_model, protocol, body, found):
    root = ElementTree.fromstring(body)
    name = operation_model.name
    namespace, tag = split(root.tag)
    if tag != f"{name}Response":
        found.append(f"{name}: the root is {tag}")
    # EC2's own answers have a slash after the namespace that the model names.
    wanted = operation_model.service_model.metadata.get("xmlNamespace")
    if wanted and namespace.rstrip("/") != wanted.rstrip("/"):
        found.append(f"{name}: the namespace is {namespace}")
    children = list(root)
    if protocol == "ec2":
        ids = [child for child in children if split(child.tag)[1] == "requestId"]
        children = [child for child in children if split(child.tag)[1] != "requestId"]
        if len(ids) != 1:
            found.append(f"{name}: no requestId")
    else:
        metadata = [child for child in children if split(child.tag)[1] == "ResponseMetadata"]
        if len(metadata) != 1 or metadata[0].find("{*}RequestId") is None:
            found.append(f"{name}: no ResponseMetadata with a RequestId")
        children = [child for child in children if child not in metadata]
    shape = operation_model.output_shape
    if shape is None:
        if children:
            found.append(f"{name}: members where the model has none")
        return
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper:
        if [split(child.tag)[1] for child in children] != [wrapper]:
            return found.append(f"{name}: no {wrapper} around the members")
        children = list(children[0])
    check_xml_members(shape, children, name, found, protocol)


def check_xml_members(shape, children, path, found, protocol):
    members = {xml_name(name, member): (name, member) for name, member in shape.members.items()}
    seen = {}
    for child in children:
        tag = split(child.tag)[1]
        if tag not in members:
            found.append(f"{path}.{tag}: unknown member of {shape.name}")
            continue
        name, member = members[tag]
        flat = member.type_name == "list" and member.serialization.get("flattened")
        if name in seen and not flat:
            found.append(f"{path}.{tag}: twice")
        seen[name] = True
        # An element of a flat list stands where the list would.
        check_xml(member.member if flat else member, child, f"{path}.{name}", found, protocol)
    check_required(shape, seen, path, found)


def xml_name(name, member):
    if member.type_name == "list" and member.serialization.get("flattened"):
        return member.member.serialization.get("name", member.serialization.get("name", name))
    return member.serialization.get("name", name)


def check_xml(shape, element, path, found, protocol):
    kind = shape.type_name
    text = element.text or ""
    wrong = lambda: found.append(f"{path}: {text!r} is no {kind}")
    if kind == "structure":
        return check_xml_members(shape, list(element), path, found, protocol)
    if kind == "list":
        wanted = shape.member.serialization.get("name", "member")
        for at, child in enumerate(element):
            if split(child.tag)[1] != wanted:
                found.append(f"{path}[{at}]: <{split(child.tag)[1]}> instead of <{wanted}>")
            check_xml(shape.member, child, f"{path}[{at}]", found, protocol)
        return None
    if kind == "map":
        key, value = (
            shape.key.serialization.get("name", "key"),
            shape.value.serialization.get("name", "value"),
        )
        for entry in element:
            if [split(child.tag)[1] for child in entry] != [key, value]:
                found.append(f"{path}: an entry without <{key}> and <{value}>")
                continue
            check_xml(shape.value, entry[1], f"{path}.{entry[0].text}", found, protocol)
        return None
    if len(element):
        return found.append(f"{path}: elements inside a {kind}")
    if kind == "string":
        check_text(shape, text, path, found)
    elif kind == "boolean":
        if text not in ("true", "false"):
            wrong()
    elif kind in ("integer", "long"):
        if not re.fullmatch(r"-?\d+", text):
            return wrong()
        check_whole(shape, int(text), path, found)
    elif kind in ("float", "double"):
        try:
            float(text)
        except ValueError:
            wrong()
    elif kind == "timestamp":
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
            return wrong()
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    else:
        found.append(f"{path}: no rule for {kind}")
    return None


def split(tag):
    namespace, _, name = tag.rpartition("}")
    return namespace.lstrip("{"), name


# === both ===


def check_required(shape, given, path, found):
    for name in shape.required_members:
        member = shape.members[name]
        if name not in given and member.serialization.get("name", name) not in given:
            found.append(f"{path}.{name}: required, and not there")


def check_text(shape, value, path, found):
    words = getattr(shape, "enum", None)
    if words and value not in words and (shape.name, value) not in ELSEWHERE:
        found.append(f"{path}: {value!r} is none of {words}")
    check_length(shape, len(value), path, found)


def check_length(shape, length, path, found):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and length < int(least)) or (most is not None and length > int(most)):
        found.append(f"{path}: {length} characters, not {least} to {most}")


def check_whole(shape, value, path, found):
    if shape.type_name == "integer" and not -(2**31) <= value < 2**31:
        found.append(f"{path}: {value} has more than 32 bits")
