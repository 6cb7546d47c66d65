use super::*;
use http::{HeaderMap, HeaderValue, Method, Uri};

fn found(
    method: &str,
    uri: &str,
    headers: &[(&'static str, &'static str)],
) -> Option<&'static str> {
    let (method, uri) = (method.parse::<Method>().unwrap(), uri.parse::<Uri>().unwrap());
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_static(value));
    }
    let head = Head { method: &method, uri: &uri, headers: &map };
    find(Service::S3.model(), &head).map(|route| route.operation)
}

#[test]
fn a_request_takes_the_route_that_asks_for_most() {
    for (method, uri, expected) in [
        ("GET", "/", "ListBuckets"),
        ("PUT", "/shop", "CreateBucket"),
        ("PUT", "/shop/", "CreateBucket"),
        ("GET", "/shop?location", "GetBucketLocation"),
        ("GET", "/shop?location=", "GetBucketLocation"),
        ("GET", "/shop?lifecycle", "GetBucketLifecycleConfiguration"),
        ("GET", "/shop", "ListObjects"),
        ("GET", "/shop?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", "/shop/a/b?x-id=GetObject", "GetObject"),
        ("GET", "/shop/a?uploadId=1", "ListParts"),
        ("PUT", "/shop/a", "PutObject"),
        ("PUT", "/shop/a?uploadId=1&partNumber=2", "UploadPart"),
        ("POST", "/shop/a?uploads", "CreateMultipartUpload"),
        ("POST", "/shop?delete", "DeleteObjects"),
        ("GET", "/shop?acl", "GetBucketAcl"),
    ] {
        assert_eq!(found(method, uri, &[]), Some(expected), "{method} {uri}");
    }
    assert_eq!(found("PATCH", "/shop", &[]), None);
    let copy = [("x-amz-copy-source", "/a/b")];
    assert_eq!(found("PUT", "/shop/a", &copy), Some("CopyObject"));
    assert_eq!(found("PUT", "/shop/a?uploadId=1&partNumber=2", &copy), Some("UploadPartCopy"));
}

#[test]
fn a_bucket_may_stand_in_the_host() {
    for (host, uri, expected) in [
        ("shop.localhost:4566", "/", "ListObjects"),
        ("shop.s3.localhost:4566", "/a", "GetObject"),
        ("my.shop.s3.eu-west-1.localhost", "/a", "GetObject"),
        ("s3.localhost:4566", "/", "ListBuckets"),
        ("s3.eu-west-1.localhost:4566", "/shop", "ListObjects"),
        ("localhost:4566", "/", "ListBuckets"),
        ("127.0.0.1:4566", "/shop", "ListObjects"),
    ] {
        assert_eq!(found("GET", uri, &[("host", host)]), Some(expected), "{host}{uri}");
    }
    for (host, expected) in [
        ("shop.localhost", "shop"),
        ("a.b.localhost", "a.b"),
        ("a.b.s3.localhost", "a.b"),
        ("shop.s3.eu-west-1.localhost", "shop"),
        ("my.s3x.localhost", "my.s3x"),
    ] {
        assert_eq!(bucket(host), Some(expected), "{host}");
    }
}

#[test]
fn labels_go_into_a_path_and_come_back() {
    for (bucket, key) in [("shop", "a/b c/é+%"), ("shop", "/a//b/"), ("shop", ".")] {
        let value = |label: &str| if label == "Key" { key } else { bucket }.to_owned();
        let path = fill("/{Bucket}/{Key+}", value);
        let labels = labels("/{Bucket}/{Key+}", &path).unwrap();
        let texts: Vec<&str> = labels.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, [bucket, key], "{path}");
    }
    for path in ["/shop", "/shop/", "//a", "/a%z/b"] {
        assert_eq!(labels("/{Bucket}/{Key+}", path), None, "{path}");
    }
}
