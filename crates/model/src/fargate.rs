//! Fargate's table of CPU and memory.

use std::fmt;

/// A CPU and memory pair that Fargate offers; no other pair can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FargateSize {
    cpu: u32,
    memory: u32,
}

/// Why a pair is no Fargate size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidSize {
    /// No row of the table has this CPU value.
    Cpu {
        /// What was asked, in CPU units.
        cpu: u32,
    },
    /// The row exists, but not with this memory.
    Memory {
        /// The row, in CPU units.
        cpu: u32,
        /// What was asked, in MiB.
        memory: u32,
    },
}

/// One row: CPU units, then memory from, to, step in MiB (reference §2.2; the 32 vCPU row is left
/// out because AWS still refused it when probed).
const ROWS: [(u32, u32, u32, u32); 7] = [
    (256, 512, 2048, 0), // 512, 1024, 2048: doubling, the one row without a fixed step.
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16384, 1024),
    (4096, 8192, 30720, 1024),
    (8192, 16384, 61440, 4096),
    (16384, 32768, 122_880, 8192),
];

// === impl FargateSize ===

impl FargateSize {
    /// The pair, if Fargate has it. `cpu` in CPU units (1024 to a vCPU), `memory` in MiB.
    ///
    /// # Errors
    /// Says which of the two numbers no row has.
    pub fn new(cpu: u32, memory: u32) -> Result<Self, InvalidSize> {
        let known = ROWS.iter().any(|row| row.0 == cpu);
        if !known {
            return Err(InvalidSize::Cpu { cpu });
        }
        if Self::memories(cpu).contains(&memory) {
            Ok(Self { cpu, memory })
        } else {
            Err(InvalidSize::Memory { cpu, memory })
        }
    }

    /// CPU units, 1024 to a vCPU.
    #[must_use]
    pub fn cpu(self) -> u32 {
        self.cpu
    }

    /// MiB.
    #[must_use]
    pub fn memory(self) -> u32 {
        self.memory
    }

    /// The CPU values of the table, in CPU units, rising.
    #[must_use]
    pub fn cpus() -> Vec<u32> {
        ROWS.iter().map(|row| row.0).collect()
    }

    /// The memory values that go with a CPU value, in MiB, rising; empty for an unknown one.
    #[must_use]
    pub fn memories(cpu: u32) -> Vec<u32> {
        let Some((_, from, to, step)) = ROWS.iter().find(|row| row.0 == cpu) else {
            return Vec::new();
        };
        if *step == 0 {
            return vec![*from, from * 2, *to];
        }
        (0..=(to - from) / step).map(|n| from + n * step).collect()
    }

    /// Every size of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::cpus()
            .into_iter()
            .flat_map(|cpu| Self::memories(cpu).into_iter().map(move |memory| Self { cpu, memory }))
    }
}

impl fmt::Display for InvalidSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu { cpu } => write!(f, "Fargate has no size with {cpu} CPU units"),
            Self::Memory { cpu, memory } => {
                write!(f, "Fargate has no size with {cpu} CPU units and {memory} MiB")
            }
        }
    }
}

impl std::error::Error for InvalidSize {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_74_pairs_that_an_api_probe_found() {
        assert_eq!(FargateSize::all().count(), 74);
    }

    #[test]
    fn every_listed_pair_is_accepted_and_its_neighbours_are_not() {
        for size in FargateSize::all() {
            assert_eq!(FargateSize::new(size.cpu, size.memory), Ok(size));
            assert!(FargateSize::new(size.cpu, size.memory + 1).is_err());
        }
        assert_eq!(FargateSize::new(300, 512), Err(InvalidSize::Cpu { cpu: 300 }));
        assert_eq!(
            FargateSize::new(4096, 4096),
            Err(InvalidSize::Memory { cpu: 4096, memory: 4096 })
        );
    }

    #[test]
    fn a_quarter_vcpu_doubles_its_memory() {
        assert_eq!(FargateSize::memories(256), [512, 1024, 2048]);
    }
}
