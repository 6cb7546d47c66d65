//! Images that are named and there, for the processor on which tasks run.

use super::{Lack, Scene};
use manifest::Platform;

const RULE: &str = "aws-image";

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let lacks = scene.wish.services().filter_map(|(name, service)| {
        let image = service.image.as_ref()?;
        let path = format!("services.{name}.image");
        let Some(platforms) = scene.account.images.get(name)? else {
            let what = format!("the registry has no image {image}");
            return Some(Lack::error(RULE, path, what, "push it, or name one that is there"));
        };
        let wanted = match service.platform {
            Platform::Amd64 => "linux/amd64",
            Platform::Arm64 => "linux/arm64",
        };
        if platforms.iter().any(|it| it == wanted) {
            return None;
        }
        let what = format!("the image is for {}, and tasks run on {wanted}", platforms.join(", "));
        let hint = format!("build it for {wanted}, or say `platform` of service {name}");
        Some(Lack::error(RULE, path, what, hint))
    });
    lacks.collect()
}
