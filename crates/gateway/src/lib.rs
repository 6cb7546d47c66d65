//! The load balancer's data plane: listeners, rules, balancing, health checks, proxying.
