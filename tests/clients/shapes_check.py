"""The checks of shapes.py find what they are there to find: each of these answers has one fault."""

import json
import sys

import botocore.session

import shapes

SESSION = botocore.session.get_session()


def check(service, operation, body, expected, content_type=None):
    model = SESSION.get_service_model(service)
    protocol = model.metadata["protocol"]
    headers = {
        "content-type": content_type or ("application/x-amz-json-1.1" if protocol == "json" else "text/xml"),
        "x-amzn-requestid": "1",
    }
    raw = json.dumps(body).encode() if protocol == "json" else body.encode()
    response = {"headers": headers, "body": raw}
    found = shapes.problems(model.operation_model(operation), protocol, response)
    if len(found) != (1 if expected else 0) or expected not in "".join(found):
        sys.exit(f"{operation} {body}: found {found}, not {expected!r}")


def in_query(operation, members, namespace="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"):
    return (
        f'<{operation}Response xmlns="{namespace}"><{operation}Result>{members}</{operation}Result>'
        f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>"
    )


cluster = lambda **members: {"cluster": {"clusterName": "a", **members}}
check("ecs", "CreateCluster", cluster(), "")
check("ecs", "CreateCluster", cluster(name="a"), "unknown member")
check("ecs", "CreateCluster", cluster(runningTasksCount="1"), "is no integer")
check("ecs", "CreateCluster", cluster(runningTasksCount=2**40), "more than 32 bits")
check("ecs", "CreateCluster", cluster(settings=[{"name": "x", "value": "y"}]), "is none of")
check("ecs", "CreateCluster", cluster(), "content type", content_type="application/json")
check("ecs", "DescribeTasks", {"tasks": [{"createdAt": "2026-11-20T10:00:00Z"}]}, "is no timestamp")
check("secretsmanager", "GetSecretValue", {"SecretBinary": "*"}, "is no blob")

groups = lambda inner: in_query("DescribeTargetGroups", f"<TargetGroups><member>{inner}</member></TargetGroups>")
check("elbv2", "DescribeTargetGroups", groups("<Port>80</Port>"), "")
check("elbv2", "DescribeTargetGroups", groups("<Port>80.5</Port>"), "is no integer")
check("elbv2", "DescribeTargetGroups", groups("<Ports>80</Ports>"), "unknown member")
check("elbv2", "DescribeTargetGroups", groups("<Port>1</Port><Port>2</Port>"), "twice")
check("elbv2", "DescribeTargetGroups", groups("<Protocol>GOPHER</Protocol>"), "is none of")
check("elbv2", "DescribeTargetGroups", groups("<HealthCheckEnabled>1</HealthCheckEnabled>"), "is no boolean")
items = in_query("DescribeTargetGroups", "<TargetGroups><item></item></TargetGroups>")
check("elbv2", "DescribeTargetGroups", items, "instead of <member>")
check("elbv2", "DescribeTargetGroups", in_query("DescribeTargetGroups", "", "urn:x"), "namespace")

role = "<RoleName>a</RoleName><RoleId>AROAAAAAAAAAAAAAAAAAA</RoleId><Arn>arn:aws:iam::000000000000:role/a</Arn>"
get_role = lambda inner: in_query("GetRole", f"<Role>{inner}</Role>", "https://iam.amazonaws.com/doc/2010-05-08/")
full = f"<Path>/</Path>{role}<CreateDate>2026-11-20T10:00:00Z</CreateDate>"
check("iam", "GetRole", get_role(full), "")
check("iam", "GetRole", get_role(full.replace("Z<", "<")), "is no timestamp")
check("iam", "GetRole", get_role(full.replace("<Path>/</Path>", "")), "required, and not there")
