"""A distribution of CloudFront's and all that it refers to, from making to deleting."""

import copy

TAGS = {"Items": [{"Key": "team", "Value": "checkout"}]}
CODE = b"function handler(event) { return event.request; }"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def cloudfront(to):
    c = to.client("cloudfront")
    access = access_control(to, c)
    function = functions(to, c)
    cached = cache_policies(to, c)
    asked = request_policies(to, c)
    headers = headers_policies(to, c)
    config = {
        "CallerReference": "story", "Comment": "shop", "Enabled": True, "DefaultRootObject": "index.html",
        "Origins": {"Quantity": 1, "Items": [{
            "Id": "files", "DomainName": "shop-files.s3.eu-west-1.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""}, "OriginAccessControlId": access,
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "files", "ViewerProtocolPolicy": "allow-all", "Compress": True,
            "CachePolicyId": cached, "OriginRequestPolicyId": asked, "ResponseHeadersPolicyId": headers,
            "FunctionAssociations": {"Quantity": 1, "Items": [{
                "FunctionARN": function, "EventType": "viewer-request",
            }]},
        },
    }
    distribution(to, c, config, access)
    for what, used in [("cache_policy", cached), ("origin_request_policy", asked),
                       ("response_headers_policy", headers), ("origin_access_control", access)]:
        tag = getattr(c, f"get_{what}")(Id=used)["ETag"]
        getattr(c, f"delete_{what}")(Id=used, IfMatch=tag)
    c.delete_function(Name="pages", IfMatch=c.describe_function(Name="pages")["ETag"])
    to.refuses("NoSuchFunctionExists", lambda: c.get_function(Name="pages"))


def distribution(to, c, config, access):
    made = c.create_distribution(DistributionConfig=config)
    one = {"Id": made["Distribution"]["Id"]}
    to.refuses("DistributionAlreadyExists", lambda: c.create_distribution(DistributionConfig=config))
    other = copy.deepcopy(config)
    other["CallerReference"] = "other"
    tagged = {"DistributionConfig": other, "Tags": TAGS}
    second = c.create_distribution_with_tags(DistributionConfigWithTags=tagged)
    c.get_distribution(**one)
    c.list_distributions()
    to.refuses("PreconditionFailed", lambda: c.delete_distribution(**one, IfMatch="E1"))
    to.refuses("InvalidIfMatchVersion", lambda: c.delete_distribution(**one))
    to.refuses("DistributionNotDisabled", lambda: c.delete_distribution(**one, IfMatch=made["ETag"]))
    tag = c.get_origin_access_control(Id=access)["ETag"]
    to.refuses("OriginAccessControlInUse", lambda: c.delete_origin_access_control(Id=access, IfMatch=tag))
    to.refuses("FunctionInUse", lambda: c.delete_function(
        Name="pages", IfMatch=c.describe_function(Name="pages")["ETag"],
    ))
    arn = {"Resource": made["Distribution"]["ARN"]}
    c.tag_resource(**arn, Tags=TAGS)
    c.list_tags_for_resource(**arn)
    c.untag_resource(**arn, TagKeys={"Items": ["team"]})
    paths = {"Quantity": 1, "Items": ["/*"]}
    batch = {"Paths": paths, "CallerReference": "once"}
    gone = c.create_invalidation(DistributionId=one["Id"], InvalidationBatch=batch)["Invalidation"]["Id"]
    c.get_invalidation(DistributionId=one["Id"], Id=gone)
    c.list_invalidations(DistributionId=one["Id"])
    quick = {"Delay": 1, "MaxAttempts": 60}
    c.get_waiter("invalidation_completed").wait(DistributionId=one["Id"], Id=gone, WaiterConfig=quick)
    for made in [made, second]:
        one = {"Id": made["Distribution"]["Id"]}
        held = c.get_distribution_config(**one)
        held["DistributionConfig"]["Enabled"] = False
        changed = c.update_distribution(
            **one, IfMatch=held["ETag"], DistributionConfig=held["DistributionConfig"],
        )
        c.get_waiter("distribution_deployed").wait(**one, WaiterConfig=quick)
        c.delete_distribution(**one, IfMatch=changed["ETag"])
        to.refuses("NoSuchDistribution", lambda: c.get_distribution(**one))


def access_control(to, c):
    config = {
        "Name": "shop", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    made = c.create_origin_access_control(OriginAccessControlConfig=config)
    one = {"Id": made["OriginAccessControl"]["Id"]}
    held = c.get_origin_access_control_config(**one)
    config["Description"] = "the shop's files"
    c.update_origin_access_control(**one, IfMatch=held["ETag"], OriginAccessControlConfig=config)
    c.get_origin_access_control(**one)
    c.list_origin_access_controls()
    return one["Id"]


def functions(to, c):
    config = {"Comment": "paths", "Runtime": "cloudfront-js-2.0"}
    made = c.create_function(Name="pages", FunctionConfig=config, FunctionCode=CODE)
    tag = c.update_function(Name="pages", IfMatch=made["ETag"], FunctionConfig=config, FunctionCode=CODE)["ETag"]
    c.publish_function(Name="pages", IfMatch=tag)
    assert c.get_function(Name="pages", Stage="LIVE")["FunctionCode"].read() == CODE
    c.list_functions()
    return c.describe_function(Name="pages", Stage="LIVE")["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]


def cache_policies(to, c):
    config = {
        "Name": "shop", "MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 600,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {
                "QueryStringBehavior": "whitelist", "QueryStrings": {"Quantity": 1, "Items": ["page"]},
            },
        },
    }
    made = c.create_cache_policy(CachePolicyConfig=config)
    one = {"Id": made["CachePolicy"]["Id"]}
    held = c.get_cache_policy_config(**one)
    c.update_cache_policy(**one, IfMatch=held["ETag"], CachePolicyConfig=held["CachePolicyConfig"])
    c.get_cache_policy(**one)
    c.list_cache_policies(Type="managed")
    c.list_cache_policies()
    managed = {"Id": OPTIMIZED, "IfMatch": c.get_cache_policy(Id=OPTIMIZED)["ETag"]}
    to.refuses("IllegalDelete", lambda: c.delete_cache_policy(**managed))
    return one["Id"]


def request_policies(to, c):
    config = {
        "Name": "shop",
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    made = c.create_origin_request_policy(OriginRequestPolicyConfig=config)
    one = {"Id": made["OriginRequestPolicy"]["Id"]}
    held = c.get_origin_request_policy_config(**one)
    c.update_origin_request_policy(**one, IfMatch=held["ETag"], OriginRequestPolicyConfig=config)
    c.get_origin_request_policy(**one)
    c.list_origin_request_policies()
    return one["Id"]


def headers_policies(to, c):
    custom = {"Header": "x-shop", "Value": "yes", "Override": False}
    config = {"Name": "shop", "CustomHeadersConfig": {"Quantity": 1, "Items": [custom]}}
    made = c.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    one = {"Id": made["ResponseHeadersPolicy"]["Id"]}
    held = c.get_response_headers_policy_config(**one)
    c.update_response_headers_policy(**one, IfMatch=held["ETag"], ResponseHeadersPolicyConfig=config)
    c.get_response_headers_policy(**one)
    c.list_response_headers_policies()
    return one["Id"]
