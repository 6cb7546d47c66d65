//! neargate.yml: text to manifest, with every mistake at once.
