//! What the load balancer says when a target does not (reference §4.10).

use crate::stage::balanced::{Front, server};
use crate::stage::web::Ask;
use crate::stage::{Driver, Region};
use serde_json::json;

/// The page that the load balancer makes itself.
fn page(title: &str) -> String {
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
}

#[tokio::test]
async fn a_failing_target_is_told_as_the_load_balancer_tells_it() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.group().await;
    let check = async |path: &str, status: u16, title: &str| {
        let answer = Ask::get(&format!("{}{path}", front.url)).send().await;
        assert_eq!((answer.status, answer.body), (status, page(title)), "{path}");
        assert_eq!(answer.headers["server"], "awselb/2.0");
    };
    check("/", 503, "503 Service Temporarily Unavailable").await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    check("/drop", 502, "502 Bad Gateway").await;
    let attributes = json!([{ "Key": "idle_timeout.timeout_seconds", "Value": "1" }]);
    let request = json!({ "LoadBalancerArn": front.balancer, "Attributes": attributes });
    front.cluster.region.elb("ModifyLoadBalancerAttributes", request).await;
    check("/slow?ms=20000", 504, "504 Gateway Time-out").await;
}
