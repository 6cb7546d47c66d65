//! Log events on disk: append, page, forget.
