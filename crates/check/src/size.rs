//! Fargate's sizes as task definitions and Terraform write them (reference §2.2).

use model::FargateSize;

/// Why Fargate has no such size; `None` if it has it, or if one of the two is no number.
pub(crate) fn refused(cpu: &str, memory: &str) -> Option<String> {
    let (cpu, memory) = (units(cpu)?, mebibytes(memory)?);
    if FargateSize::all().any(|size| (size.cpu(), size.memory()) == (cpu, memory)) {
        return None;
    }
    let with_cpu = FargateSize::all().filter(|size| size.cpu() == cpu);
    let memories: Vec<u32> = with_cpu.map(|size| size.memory()).collect();
    Some(match (memories.first(), memories.last()) {
        (Some(least), Some(most)) => {
            format!("{cpu} CPU units go with {least} to {most} MiB, not with {memory}")
        }
        _ => format!("there are 256, 512, 1024, 2048, 4096, 8192 and 16384 CPU units, not {cpu}"),
    })
}

/// `256`, `0.25 vCPU`, `1 vcpu`.
fn units(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    match lower.strip_suffix("vcpu") {
        Some(number) => {
            let quarters: f64 = number.trim().parse().ok()?;
            format!("{:.0}", quarters * 1024.0).parse().ok()
        }
        None => lower.trim().parse().ok(),
    }
}

/// `512`, `1 GB`.
fn mebibytes(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    match lower.strip_suffix("gb") {
        Some(number) => {
            let whole: f64 = number.trim().parse().ok()?;
            format!("{:.0}", whole * 1024.0).parse().ok()
        }
        None => lower.trim().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_aws_takes_them() {
        for (cpu, memory, fits) in [
            ("256", "512", true),
            (".25 vCPU", "0.5 GB", true),
            ("256", "513", false),
            ("300", "512", false),
            ("var.cpu", "512", true),
        ] {
            assert_eq!(refused(cpu, memory).is_none(), fits, "{cpu} {memory}");
        }
    }
}
