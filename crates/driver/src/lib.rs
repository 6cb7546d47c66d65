//! Runs containers: through a Docker engine, or as plain processes.
