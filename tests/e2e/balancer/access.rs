//! Access logs end to end: the aws CLI turns them on, gzip reads them.

use crate::stage::balanced::{Front, server};
use crate::stage::clients::{aws, aws_line};
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, PATIENCE, Region, eventually};
use std::path::{Path, PathBuf};

/// The packed files below a folder.
fn packed(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { packed(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|end| end == "gz"))
        .collect()
}

#[tokio::test]
async fn what_became_of_a_request_is_in_a_file_where_aws_would_have_it() {
    let Some(aws) = aws("access logs").await else { return };
    let region = Region::shared(Driver::Process).await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let arn = &front.balancer;
    let words = format!(
        "elbv2 modify-load-balancer-attributes --load-balancer-arn {arn} --attributes \
         Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=my-logs \
         Key=access_logs.s3.prefix,Value=web"
    );
    aws_line(&aws, &region, &words).output().await;
    let answer = Ask::get(&format!("{}/request?a=b", front.url)).send().await;
    assert_eq!(answer.status, 200);

    let name = arn.split_once("loadbalancer/").unwrap().1;
    let folder = region.data().join("s3/my-logs/web/AWSLogs");
    let file = eventually("there is a log", PATIENCE, async || {
        let own = format!("_{}_", name.replace('/', "."));
        packed(&folder).into_iter().find(|path| path.to_string_lossy().contains(&own))
    })
    .await;
    let below = file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
    assert!(below.starts_with("000000000000/elasticloadbalancing/"), "{below}");
    let text = Line::new("gzip").args("-dc").arg(&file).output().await;
    let [line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    let fields: Vec<&str> = line.split(' ').collect();
    assert_eq!((fields[0], fields[2]), ("http", name));
    assert_eq!((fields[8], fields[9]), ("200", "200"));
    assert!(line.contains(":80/request?a=b HTTP/1.1\""), "{line}");
    assert!(line.contains(&format!(" {group} \"Root=1-")), "{line}");
}
