//! AWS's protocols in both directions, and request signatures.
