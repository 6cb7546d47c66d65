"""Objects as boto3 sees them: written, listed, copied, in parts, in versions, and by presigned URLs."""

import hashlib
import http.client
import io
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
from boto3.s3.transfer import TransferConfig

BUCKET = "shop-objects"
MEBIBYTE = 1024 * 1024


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r}, not {expected!r}")


def refused(what, code, call):
    try:
        call()
    except botocore.exceptions.ClientError as error:
        return check(what, error.response["Error"]["Code"], code)
    return sys.exit(f"{what}: not refused")


def located(c):
    """Where a bucket is to be, which is not said of the first region."""
    region = c.meta.region_name
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}


def simple(c):
    written = c.put_object(
        Bucket=BUCKET, Key="a/b c+é.txt", Body=b"hello", ContentType="text/plain", CacheControl="max-age=60",
        Metadata={"team": "checkout"}, ChecksumAlgorithm="SHA256",
    )
    check("etag", written["ETag"], f'"{hashlib.md5(b"hello").hexdigest()}"')
    found = c.get_object(Bucket=BUCKET, Key="a/b c+é.txt")
    check("body", found["Body"].read(), b"hello")
    about = [found[name] for name in ("ContentType", "CacheControl", "ContentLength", "Metadata", "ETag")]
    check("about", about, ["text/plain", "max-age=60", 5, {"team": "checkout"}, written["ETag"]])
    head = c.head_object(Bucket=BUCKET, Key="a/b c+é.txt")
    check("head", (head["ContentLength"], head["Metadata"]), (5, {"team": "checkout"}))
    part = c.get_object(Bucket=BUCKET, Key="a/b c+é.txt", Range="bytes=1-3")
    check("part", (part["Body"].read(), part["ContentRange"]), (b"ell", "bytes 1-3/5"))
    check("its status", part["ResponseMetadata"]["HTTPStatusCode"], 206)
    get = lambda **more: c.get_object(Bucket=BUCKET, Key="a/b c+é.txt", **more)
    refused("a range beyond", "InvalidRange", lambda: get(Range="bytes=9-"))
    refused("a tag that is there", "304", lambda: get(IfNoneMatch=written["ETag"]))
    refused("a tag that is not", "PreconditionFailed", lambda: get(IfMatch='"x"'))
    refused("no such key", "NoSuchKey", lambda: c.get_object(Bucket=BUCKET, Key="other"))
    refused("no such head", "404", lambda: c.head_object(Bucket=BUCKET, Key="other"))
    put = lambda **more: c.put_object(Bucket=BUCKET, Key="a/b c+é.txt", Body=b"x", **more)
    refused("a key that is taken", "PreconditionFailed", lambda: put(IfNoneMatch="*"))
    refused("another digest", "BadDigest", lambda: put(ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg=="))
    refused("a tag of an object", "NotImplemented", lambda: put(Tagging="a=b"))
    c.put_object(Bucket=BUCKET, Key="empty", Body=b"")
    check("empty", c.get_object(Bucket=BUCKET, Key="empty")["Body"].read(), b"")


def listed(c):
    for name in ["l/1", "l/2", "l/sub/1", "l/sub/2", "l/x"]:
        c.put_object(Bucket=BUCKET, Key=name, Body=name.encode())
    page = c.list_objects_v2(Bucket=BUCKET, Prefix="l/", Delimiter="/")
    check("keys", [held["Key"] for held in page["Contents"]], ["l/1", "l/2", "l/x"])
    check("prefixes", [held["Prefix"] for held in page["CommonPrefixes"]], ["l/sub/"])
    check("count", (page["KeyCount"], page["IsTruncated"]), (4, False))
    for operation in ["list_objects_v2", "list_objects"]:
        pages = c.get_paginator(operation).paginate(
            Bucket=BUCKET, Prefix="l/", Delimiter="/", PaginationConfig={"PageSize": 1},
        )
        rows = []
        for page in pages:
            rows += [held["Key"] for held in page.get("Contents", [])]
            rows += [held["Prefix"] for held in page.get("CommonPrefixes", [])]
        check(operation, rows, ["l/1", "l/2", "l/sub/", "l/x"])
    found = c.list_objects_v2(Bucket=BUCKET, StartAfter="l/sub/1", Prefix="l/")["Contents"]
    check("after", [held["Key"] for held in found], ["l/sub/2", "l/x"])
    strange = c.list_objects_v2(Bucket=BUCKET, Prefix="a/")["Contents"]
    check("a strange key", [held["Key"] for held in strange], ["a/b c+é.txt"])


def copied(c):
    source = {"Bucket": BUCKET, "Key": "a/b c+é.txt"}
    c.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
    found = c.get_object(Bucket=BUCKET, Key="copy")
    check("copy", (found["Body"].read(), found["ContentType"]), (b"hello", "text/plain"))
    refused("onto itself", "InvalidRequest", lambda: c.copy_object(**source, CopySource=source))
    c.copy_object(**source, CopySource=source, MetadataDirective="REPLACE", ContentType="text/html")
    check("replaced", c.head_object(**source)["ContentType"], "text/html")
    gone = c.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "copy"}, {"Key": "never there"}]})
    check("deleted", [held["Key"] for held in gone["Deleted"]], ["copy", "never there"])
    refused("it is gone", "NoSuchKey", lambda: c.get_object(Bucket=BUCKET, Key="copy"))


def in_parts(c):
    body = os.urandom(13 * MEBIBYTE)
    config = TransferConfig(multipart_threshold=5 * MEBIBYTE, multipart_chunksize=5 * MEBIBYTE)
    c.upload_fileobj(io.BytesIO(body), BUCKET, "large", Config=config)
    head = c.head_object(Bucket=BUCKET, Key="large")
    check("size", (head["ContentLength"], head["ETag"][-3:]), (len(body), '-3"'))
    into = io.BytesIO()
    c.download_fileobj(BUCKET, "large", into, Config=config)
    check("all of it", into.getvalue() == body, True)
    across = c.get_object(Bucket=BUCKET, Key="large", Range=f"bytes={5 * MEBIBYTE - 3}-{5 * MEBIBYTE + 2}")
    check("across parts", across["Body"].read(), body[5 * MEBIBYTE - 3:5 * MEBIBYTE + 3])
    upload = {"Bucket": BUCKET, "Key": "parts"}
    upload["UploadId"] = c.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    tags = [c.upload_part(**upload, PartNumber=at, Body=b"small")["ETag"] for at in (1, 2)]
    held = c.list_parts(**upload)["Parts"]
    check("parts", [(part["PartNumber"], part["Size"]) for part in held], [(1, 5), (2, 5)])
    parts = [{"PartNumber": at, "ETag": tag} for at, tag in enumerate(tags, 1)]
    complete = lambda parts: c.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    refused("too small", "EntityTooSmall", lambda: complete(parts))
    refused("the wrong way", "InvalidPartOrder", lambda: complete(parts[::-1]))
    c.abort_multipart_upload(**upload)
    refused("no such upload", "NoSuchUpload", lambda: complete(parts))


def presigned(c):
    # As boto3 does it for this region, and as it does for newer ones.
    by_url(c)
    by_url(boto3.client("s3", config=botocore.config.Config(signature_version="s3v4")))


def by_url(c):
    url = c.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "by/url"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(url, data=b"signed", method="PUT")).read()
    url = c.generate_presigned_url("get_object", Params={
        "Bucket": BUCKET, "Key": "by/url", "ResponseContentType": "text/plain",
    })
    with urllib.request.urlopen(url) as found:
        check("presigned", (found.read(), found.headers["content-type"]), (b"signed", "text/plain"))
    try:
        old = re.sub(r"&Expires=\d+", "&Expires=1", url.replace("X-Amz-Expires=3600", "X-Amz-Expires=-3600"))
        urllib.request.urlopen(old)
        sys.exit("an old URL is good")
    except urllib.error.HTTPError as error:
        check("an old URL", (error.code, b"Request has expired" in error.read()), (403, True))


def in_versions(c):
    bucket = {"Bucket": "shop-versions"}
    c.create_bucket(**bucket, **located(c))
    c.put_object(**bucket, Key="a", Body=b"0")
    c.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    first = c.put_object(**bucket, Key="a", Body=b"1")["VersionId"]
    c.put_object(**bucket, Key="a", Body=b"2")
    marker = c.delete_object(**bucket, Key="a")
    check("a marker", marker["DeleteMarker"], True)
    refused("deleted", "NoSuchKey", lambda: c.get_object(**bucket, Key="a"))
    check("no objects", c.list_objects_v2(**bucket)["KeyCount"], 0)
    check("the first", c.get_object(**bucket, Key="a", VersionId=first)["Body"].read(), b"1")
    check("the one before", c.get_object(**bucket, Key="a", VersionId="null")["Body"].read(), b"0")
    c.delete_object(**bucket, Key="a", VersionId=marker["VersionId"])
    check("it is back", c.get_object(**bucket, Key="a")["Body"].read(), b"2")
    held = c.list_object_versions(**bucket)
    check("versions", [one["IsLatest"] for one in held["Versions"]], [True, False, False])
    refused("not empty", "BucketNotEmpty", lambda: c.delete_bucket(**bucket))
    boto3.resource("s3").Bucket("shop-versions").object_versions.delete()
    c.delete_bucket(**bucket)


def main():
    c = boto3.client("s3")
    c.create_bucket(Bucket=BUCKET, **located(c))
    for step in [simple, listed, copied, in_parts, presigned, in_versions]:
        step(c)
    # The bucket in the host's name, which not every system resolves.
    virtual = boto3.client(
        "s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"].replace("127.0.0.1", "localhost"),
        config=botocore.config.Config(s3={"addressing_style": "virtual"}),
    )
    url = urllib.parse.urlsplit(virtual.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "by/url"}))
    check("the host", url.hostname, f"{BUCKET}.localhost")
    line = http.client.HTTPConnection("127.0.0.1", url.port)
    line.request("GET", f"{url.path}?{url.query}", headers={"Host": url.netloc})
    check("by host", line.getresponse().read(), b"signed")
    refused("not empty", "BucketNotEmpty", lambda: c.delete_bucket(Bucket=BUCKET))
    boto3.resource("s3").Bucket(BUCKET).objects.delete()
    c.delete_bucket(Bucket=BUCKET)


main()
