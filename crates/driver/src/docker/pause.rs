//! The container that holds a task's network, and the program in it.
//!
//! It needs a program that does nothing, in an image that no registry has to deliver. So the image
//! is made here: one file, an ELF executable of 120 bytes of headers and a few instructions.

use super::engine::text;
use bollard::Docker as Engine;
use bollard::body_full;
use bollard::query_parameters::CreateImageOptions;
use futures_util::TryStreamExt;
use std::io;

/// The image's name. The number is that of its contents.
pub(super) const IMAGE: &str = "neargate-pause:1";
const REPOSITORY: &str = "neargate-pause";
const TAG: &str = "1";

/// A processor that we have a program for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Processor {
    X86_64,
    Aarch64,
}

/// Puts the image into the engine.
///
/// # Errors
/// Says why not; for people.
pub(super) async fn install(engine: &Engine) -> Result<(), String> {
    let info = engine.info().await.map_err(|error| text(&error))?;
    let name = info.architecture.unwrap_or_default();
    let processor = Processor::of(&name).ok_or(format!("no pause program for {name}"))?;
    let root = archive(&executable(processor)).map_err(|error| error.to_string())?;
    let options = CreateImageOptions {
        from_src: Some("-".to_owned()),
        repo: Some(REPOSITORY.to_owned()),
        tag: Some(TAG.to_owned()),
        changes: vec!["ENTRYPOINT [\"/pause\"]".to_owned()],
        ..CreateImageOptions::default()
    };
    let steps = engine.create_image(Some(options), Some(body_full(root.into())), None);
    steps.try_for_each(|_| async { Ok(()) }).await.map_err(|error| text(&error))
}

/// A root file system with the program and nothing else.
fn archive(program: &[u8]) -> io::Result<Vec<u8>> {
    let mut header = tar::Header::new_ustar();
    header.set_size(program.len() as u64);
    header.set_mode(0o755);
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_data(&mut header, "pause", program)?;
    archive.into_inner()
}

/// The program: an ELF header, one segment that is the whole file, and the code.
fn executable(processor: Processor) -> Vec<u8> {
    const HEADERS: u64 = 64 + 56;
    const BASE: u64 = 0x40_0000;
    let code = processor.code();
    let size = HEADERS + code.len() as u64;
    let mut file = Vec::new();
    // 64 bits, little-endian, version 1, System V, then padding.
    file.extend(*b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    // Executable, processor, version 1.
    file.extend([half(2), half(processor.number()), half(1), half(0)].concat());
    // Entry point, program headers, no section headers.
    file.extend([word(BASE + HEADERS), word(64), word(0)].concat());
    // Flags, sizes and numbers of the headers.
    file.extend(
        [half(0), half(0), half(64), half(56), half(1), half(0), half(0), half(0)].concat(),
    );
    // A loaded segment, to be read and executed.
    file.extend([half(1), half(0), half(5), half(0)].concat());
    // From the file's start, to the base, virtual and physical, all of it, aligned to a page.
    file.extend([word(0), word(BASE), word(BASE), word(size), word(size), word(0x1_0000)].concat());
    file.extend(code);
    file
}

fn half(value: u16) -> [u8; 2] {
    value.to_le_bytes()
}

fn word(value: u64) -> [u8; 8] {
    value.to_le_bytes()
}

// === impl Processor ===

impl Processor {
    /// As engines name it.
    fn of(name: &str) -> Option<Self> {
        match name {
            "x86_64" | "amd64" => Some(Self::X86_64),
            "aarch64" | "arm64" => Some(Self::Aarch64),
            _ => None,
        }
    }

    /// Its number in ELF.
    fn number(self) -> u16 {
        match self {
            Self::X86_64 => 62,
            Self::Aarch64 => 183,
        }
    }

    /// Waits for a signal, for ever.
    fn code(self) -> Vec<u8> {
        match self {
            Self::X86_64 => vec![
                0xb8, 34, 0, 0, 0, // mov eax, 34 (pause)
                0x0f, 0x05, // syscall
                0xeb, 0xf7, // jmp to the start, 9 bytes back
            ],
            Self::Aarch64 => [
                0xd280_0000_u32, // mov x0, 0: no files
                0xd280_0001,     // mov x1, 0
                0xd280_0002,     // mov x2, 0: no time limit
                0xd280_0003,     // mov x3, 0: no signal mask
                0xd280_0004,     // mov x4, 0
                0xd280_0928,     // mov x8, 73 (ppoll; there is no pause)
                0xd400_0001,     // svc 0
                0x17ff_fff9,     // b to the start, 7 instructions back
            ]
            .iter()
            .flat_map(|instruction| instruction.to_le_bytes())
            .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel reads these fields; a container that runs proves them for one processor.
    #[test]
    fn the_headers_agree_with_the_file() {
        for processor in [Processor::X86_64, Processor::Aarch64] {
            let file = executable(processor);
            let at =
                |offset: usize| u64::from_le_bytes(file[offset..offset + 8].try_into().unwrap());
            assert_eq!(at(24), 0x40_0078, "the entry point is behind the headers");
            assert_eq!(at(32), 64, "the program header is behind the ELF header");
            assert_eq!(at(64 + 32), file.len() as u64, "the segment is the file");
            assert_eq!(file.len(), 120 + processor.code().len());
        }
    }

    #[test]
    fn engines_name_a_processor_in_two_ways() {
        assert_eq!(Processor::of("x86_64"), Processor::of("amd64"));
        assert_eq!(Processor::of("aarch64"), Some(Processor::Aarch64));
        assert_eq!(Processor::of("riscv64"), None);
    }
}
