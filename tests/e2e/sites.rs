//! Distributions: one address for files of a bucket and for a service behind a load balancer.

use crate::stage::balanced::{Front, server};
use crate::stage::clients::{aws, aws_line};
use crate::stage::cluster::text;
use crate::stage::web::{Ask, until_status};
use crate::stage::{Driver, PATIENCE, Region, Scratch, eventually};
use api::Service;
use http::Method;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// AWS's own policies.
const CACHED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const NEVER_CACHED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const SECURITY: &str = "67f7725c-6f97-4210-82d7-5512b31e9d03";
/// A browser's routes are the page that has them.
const PAGES: &str = "function handler(event) {
  var request = event.request;
  console.log('asked for ' + request.uri);
  if (request.uri.lastIndexOf('.') < request.uri.lastIndexOf('/')) request.uri = '/index.html';
  return request;
}
";

/// A distribution under test.
struct Site {
    id: String,
    arn: String,
    url: String,
    /// The name of the load balancer behind it.
    balancer: String,
}

#[tokio::test]
async fn one_address_answers_with_files_and_with_the_service() {
    let Some(aws) = aws("distributions with the aws CLI").await else { return };
    let region = Region::start(Driver::Process).await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let files = Scratch::new();
    upload(&aws, &region, files.path(), "first").await;
    let site = make(&aws, &region, &front).await;

    // Nobody has let the distribution in, and the bucket says so.
    let refused = Ask::get(&site.url).send().await;
    assert_eq!((refused.status, refused.header("x-cache")), (403, "Error from cloudfront"));
    assert!(refused.body.contains("<Code>AccessDenied</Code>"), "{}", refused.body);
    let_in(&region, &site.arn).await;
    forget(&aws, &region, &site, "/*").await;

    files_are_kept_until_they_are_forgotten(&aws, &region, &site, files.path()).await;
    the_service_learns_who_asked(&site).await;

    region.kill().await;
    let region = region.start_again().await;
    let told = region.neargate("region endpoints --json").json().await;
    assert_eq!(told["distributions"][0]["url"], json!(site.url), "its address is the same");
    until_status(&format!("{}/", site.url), 200).await;
    until_status(&format!("{}/request", site.url), 200).await;
    remove(&aws, &region, &site).await;
    assert!(Ask::get(&site.url).try_send().await.is_err(), "nobody listens any more");
}

async fn files_are_kept_until_they_are_forgotten(
    aws: &PathBuf,
    region: &Region,
    site: &Site,
    files: &Path,
) {
    let get = async |path: &str| Ask::get(&format!("{}{path}", site.url)).send().await;
    let page = get("/").await;
    let cache = page.header("x-cache");
    assert_eq!((page.status, page.body.trim(), cache), (200, "first", "Miss from cloudfront"));
    assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    assert!(page.header("via").ends_with(".cloudfront.net (CloudFront)"));
    // The function has made it the same page.
    let route = get("/map/europe").await;
    assert_eq!((route.body.trim(), route.header("x-cache")), ("first", "Hit from cloudfront"));
    assert!(!route.header("age").is_empty());
    // What is not there is not told from what may not be read.
    assert_eq!(get("/missing.js").await.status, 403);
    let changing = Ask::new(Method::DELETE, &site.url).send().await;
    assert_eq!(changing.status, 403);
    assert!(changing.body.contains("The request could not be satisfied"), "{}", changing.body);
    let packed = Ask::get(&format!("{}/long.txt", site.url)).header("accept-encoding", "gzip");
    assert_eq!(packed.send().await.header("content-encoding"), "gzip");
    upload(aws, region, files, "second").await;
    assert_eq!(get("/").await.body.trim(), "first");
    forget(aws, region, site, "/index.html").await;
    assert_eq!(get("/").await.body.trim(), "second");
}

async fn the_service_learns_who_asked(site: &Site) {
    let url = format!("{}/request?a=b%20c", site.url);
    let ask = Ask::new(Method::POST, &url).header("cookie", "a=1").header("x-shop", "yes");
    let answer = ask.body("text").send().await;
    assert_eq!(answer.header("x-cache"), "Miss from cloudfront");
    let seen = answer.json();
    let header = |name: &str| seen["headers"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (seen["method"].as_str(), seen["url"].as_str()),
        (Some("POST"), Some("/request?a=b%20c"))
    );
    assert_eq!((header("cookie").as_str(), header("x-shop").as_str()), ("a=1", "yes"));
    assert_eq!(header("host"), site.balancer);
    assert_eq!(header("x-forwarded-for"), "127.0.0.1, 127.0.0.1");
    let echo = Ask::new(Method::POST, &format!("{}/echo", site.url)).body("again");
    assert_eq!(echo.send().await.body, "again");
}

/// Brings the folder to the bucket, with the aws CLI's own `sync`.
async fn upload(aws: &PathBuf, region: &Region, files: &Path, page: &str) {
    std::fs::write(files.join("index.html"), format!("{page}\n")).unwrap();
    std::fs::write(files.join("long.txt"), "again and again\n".repeat(200)).unwrap();
    let bucket = json!({ "Bucket": "site-files" });
    region.call(Service::S3, "CreateBucket", bucket).await;
    // Both pages are as long as each other: only their times differ.
    let sync = aws_line(aws, region, "s3 cp --recursive --quiet");
    sync.arg(files).arg("s3://site-files").output().await;
}

async fn make(aws: &PathBuf, region: &Region, front: &Front) -> Site {
    let request = json!({ "LoadBalancerArns": [front.balancer] });
    let found = region.elb("DescribeLoadBalancers", request).await;
    let balancer = text(&found["LoadBalancers"][0]["DNSName"]);
    let function = function(aws, region).await;
    let access = json!({
        "Name": "site", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    });
    let create = "cloudfront create-origin-access-control --origin-access-control-config";
    let made = aws_line(aws, region, create).arg(access.to_string()).json().await;
    let access = text(&made["OriginAccessControl"]["Id"]);
    let config = config(&balancer, &access, &function);
    let create = "cloudfront create-distribution --distribution-config";
    let made = aws_line(aws, region, create).arg(config.to_string()).json().await;
    let (id, arn) = (text(&made["Distribution"]["Id"]), text(&made["Distribution"]["ARN"]));
    until_deployed(region, &id).await;
    aws_line(aws, region, "cloudfront wait distribution-deployed --id").arg(&id).output().await;
    let told = region.neargate("region endpoints --json").json().await;
    let url = text(&told["distributions"][0]["url"]);
    Site { id, arn, url, balancer }
}

async fn function(aws: &PathBuf, region: &Region) -> String {
    let create = "cloudfront create-function --name pages \
                  --function-config Comment=pages,Runtime=cloudfront-js-2.0 --function-code";
    let file = region.data().join("pages.js");
    std::fs::write(&file, PAGES).unwrap();
    let file = format!("fileb://{}", file.display());
    let made = aws_line(aws, region, create).arg(file).json().await;
    let publish = "cloudfront publish-function --name pages --if-match";
    let tag = text(&made["ETag"]);
    let made = aws_line(aws, region, publish).arg(tag).json().await;
    text(&made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"])
}

fn config(balancer: &str, access: &str, function: &str) -> Json {
    let counted =
        |items: Json| json!({ "Quantity": items.as_array().unwrap().len(), "Items": items });
    let service = |path: &str| {
        json!({
            "PathPattern": path,
            "TargetOriginId": "service",
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": counted(
                json!(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])
            ),
            "CachePolicyId": NEVER_CACHED,
            "OriginRequestPolicyId": ALL_BUT_HOST,
        })
    };
    json!({
        "CallerReference": "e2e",
        "Comment": "files and a service",
        "Enabled": true,
        "Origins": counted(json!([
            {
                "Id": "files",
                "DomainName": "site-files.s3.us-east-1.amazonaws.com",
                "S3OriginConfig": { "OriginAccessIdentity": "" },
                "OriginAccessControlId": access,
            },
            {
                "Id": "service",
                "DomainName": balancer,
                "CustomOriginConfig": {
                    "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only",
                },
            },
        ])),
        "DefaultCacheBehavior": {
            "TargetOriginId": "files",
            "ViewerProtocolPolicy": "redirect-to-https",
            "Compress": true,
            "CachePolicyId": CACHED,
            "ResponseHeadersPolicyId": SECURITY,
            "FunctionAssociations": counted(json!([
                { "FunctionARN": function, "EventType": "viewer-request" },
            ])),
        },
        "CacheBehaviors": counted(json!([service("/request*"), service("/echo")])),
    })
}

async fn let_in(region: &Region, distribution: &str) {
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "Service": "cloudfront.amazonaws.com" },
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::site-files/*",
        "Condition": { "StringEquals": { "aws:SourceArn": distribution } },
    });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let request = json!({ "Bucket": "site-files", "Policy": policy });
    region.call(Service::S3, "PutBucketPolicy", request).await;
}

/// Has a distribution forget some paths, and waits as people do.
async fn forget(aws: &PathBuf, region: &Region, site: &Site, path: &str) {
    let create = "cloudfront create-invalidation --distribution-id";
    let line = aws_line(aws, region, create).arg(&site.id).arg("--paths").arg(path);
    let id = text(&line.json().await["Invalidation"]["Id"]);
    let request = json!({ "DistributionId": site.id, "Id": id });
    eventually("the invalidation is completed", PATIENCE, async || {
        let found = region.call(Service::CloudFront, "GetInvalidation", request.clone()).await;
        (found["Invalidation"]["Status"] == "Completed").then_some(())
    })
    .await;
    let wait = "cloudfront wait invalidation-completed --distribution-id";
    aws_line(aws, region, wait).arg(&site.id).arg("--id").arg(&id).output().await;
}

async fn until_deployed(region: &Region, id: &str) {
    let request = json!({ "Id": id });
    eventually("the distribution is deployed", PATIENCE, async || {
        let found = region.call(Service::CloudFront, "GetDistribution", request.clone()).await;
        (found["Distribution"]["Status"] == "Deployed").then_some(())
    })
    .await;
}

/// Takes a distribution away as AWS wants it: disabled, deployed, deleted.
async fn remove(aws: &PathBuf, region: &Region, site: &Site) {
    let get = aws_line(aws, region, "cloudfront get-distribution-config --id").arg(&site.id);
    let mut held = get.json().await;
    held["DistributionConfig"]["Enabled"] = json!(false);
    let update = aws_line(aws, region, "cloudfront update-distribution --id").arg(&site.id);
    let update = update.arg("--if-match").arg(text(&held["ETag"])).arg("--distribution-config");
    let changed = update.arg(held["DistributionConfig"].to_string()).json().await;
    until_deployed(region, &site.id).await;
    let delete = aws_line(aws, region, "cloudfront delete-distribution --id").arg(&site.id);
    delete.arg("--if-match").arg(text(&changed["ETag"])).output().await;
}
