//! ECS Exec: commands in running containers, by AWS's own client and by ours.

mod command;
mod plugin;
