//! Images: what is wanted, and what was had.

/// An image that a container wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The image, as written.
    pub image: String,
    /// The digest that was settled on before: this image and no other, wherever its tag leads now.
    pub digest: Option<String>,
    /// The words that the container definition itself names, entry point and command; the process
    /// driver can run them without the image.
    pub words: Vec<String>,
}

/// An image that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// `sha256:` and 64 hexadecimal digits: of the manifest when the image came from a registry,
    /// else the image's own id. Absent where there is no image: the process driver then runs the
    /// container's command on this machine as it is.
    pub digest: Option<String>,
}
