//! What an application is built with.

use serde::Serialize;

/// A framework, by the name of its package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Framework {
    /// NestJS, on Express or Fastify.
    Nest,
    /// Next.js.
    Next,
    /// Fastify.
    Fastify,
    /// Express.
    Express,
    /// Koa.
    Koa,
    /// Hono.
    Hono,
    /// Node's own `http`.
    Http,
    /// Vite: builds files for browsers.
    Vite,
    /// Create React App: builds files for browsers.
    React,
    /// FastAPI.
    Fastapi,
    /// Flask.
    Flask,
    /// Django.
    Django,
    /// Go's own `net/http`.
    Nethttp,
    /// Gin.
    Gin,
    /// Echo.
    Echo,
    /// Fiber.
    Fiber,
    /// chi.
    Chi,
    /// Axum.
    Axum,
    /// Actix Web.
    Actix,
    /// Rocket.
    Rocket,
    /// Spring Boot.
    Spring,
    /// Plain files.
    Static,
}

impl Framework {
    /// Whether it answers requests itself.
    #[must_use]
    pub fn is_server(self) -> bool {
        !matches!(self, Self::Vite | Self::React | Self::Static)
    }

    /// Whether its output is files that any server can give.
    #[must_use]
    pub fn is_static(self) -> bool {
        !self.is_server()
    }

    pub(crate) fn is_served(self) -> bool {
        self.is_static() || matches!(self, Self::Next | Self::Nest)
    }
}
