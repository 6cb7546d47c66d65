//! Clients of databases: how many connections they open, and whether those are encrypted.

use super::tree::Tree;
use crate::script::program::{Found, Spot};
use crate::script::term::{Call, Function, Kind, Term};
use crate::script::trail::{Trail, Ways};
use crate::{Database, Fact, Pool, System, Tls};

/// A library's way to make a client.
struct Maker {
    package: &'static str,
    /// The function or class.
    names: &'static [&'static str],
    system: Option<System>,
    pool: Pool,
}

const fn maker(
    package: &'static str,
    names: &'static [&'static str],
    system: Option<System>,
    pool: Pool,
) -> Maker {
    Maker { package, names, system, pool }
}

/// The limits are the libraries' own defaults, as their documentation gives them.
static MAKERS: [Maker; 21] = [
    maker("pg", &["Pool"], Some(System::Postgres), Pool::Library(10)),
    maker("pg", &["Client"], Some(System::Postgres), Pool::Single),
    maker("pg-promise", &["default", "*"], Some(System::Postgres), Pool::Library(10)),
    maker("postgres", &["default", "*"], Some(System::Postgres), Pool::Library(10)),
    maker("@prisma/adapter-pg", &["PrismaPg"], Some(System::Postgres), Pool::Library(10)),
    maker("@neondatabase/serverless", &["Pool"], Some(System::Postgres), Pool::Library(10)),
    maker("mysql2/promise", &["createPool"], Some(System::Mysql), Pool::Library(10)),
    maker("mysql2", &["createPool"], Some(System::Mysql), Pool::Library(10)),
    maker("mysql2/promise", &["createConnection"], Some(System::Mysql), Pool::Single),
    maker("mysql2", &["createConnection"], Some(System::Mysql), Pool::Single),
    maker("mysql", &["createPool"], Some(System::Mysql), Pool::Library(10)),
    maker("mariadb", &["createPool"], Some(System::Mysql), Pool::Library(10)),
    maker("mongoose", &["connect", "createConnection"], Some(System::Mongodb), Pool::Library(100)),
    maker("mongodb", &["MongoClient"], Some(System::Mongodb), Pool::Library(100)),
    maker("redis", &["createClient"], Some(System::Redis), Pool::Single),
    maker("ioredis", &["default", "Redis", "*"], Some(System::Redis), Pool::Single),
    maker("typeorm", &["DataSource", "createConnection"], None, Pool::Library(10)),
    maker("@nestjs/typeorm", &["forRoot", "forRootAsync"], None, Pool::Library(10)),
    maker(
        "@nestjs/mongoose",
        &["forRoot", "forRootAsync"],
        Some(System::Mongodb),
        Pool::Library(100),
    ),
    maker("sequelize", &["Sequelize"], None, Pool::Library(5)),
    maker("knex", &["default", "knex", "*"], None, Pool::Library(10)),
];

/// Keys under which limits stand.
const LIMITS: [&str; 6] =
    ["max", "maxPoolSize", "connectionLimit", "poolSize", "max_connections", "poolMax"];

/// Words by which options and addresses name a system.
const SYSTEMS: [(&str, System); 10] = [
    ("postgresql", System::Postgres),
    ("postgres", System::Postgres),
    ("pg", System::Postgres),
    ("mysql2", System::Mysql),
    ("mysql", System::Mysql),
    ("mariadb", System::Mysql),
    ("mongodb", System::Mongodb),
    ("sqlite3", System::Sqlite),
    ("better-sqlite3", System::Sqlite),
    ("sqlite", System::Sqlite),
];

/// Every client that a project makes.
pub(crate) fn read(tree: &Tree<'_, '_>) -> Vec<Fact<Database>> {
    let mut found: Vec<Fact<Database>> = Vec::new();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        let Some(maker) = maker_of(tree, spot, call) else { continue };
        found.push(Fact::certain(client(tree, spot, call, maker), tree.place(spot)));
    }
    found
}

fn maker_of<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) -> Option<&'static Maker> {
    call.callee.path()?;
    let at = |term: &'s Term| Spot { term, ..spot };
    // `mongoose.connect(…)` and `TypeOrmModule.forRoot(…)`: a method of what is imported.
    let method = call.method().and_then(|(object, name)| {
        let (from, _) = tree.program.package(at(object))?;
        MAKERS.iter().find(|maker| maker.package == from && maker.names.contains(&name))
    });
    method.or_else(|| {
        let (from, name) = tree.program.package(at(&call.callee))?;
        MAKERS.iter().find(|maker| maker.package == from && maker.names.contains(&name))
    })
}

fn client<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call, maker: &Maker) -> Database {
    let mut options = Options { tree, limit: None, tls: Tls::Unsaid, system: None, variable: None };
    for argument in &call.arguments {
        options.look(Spot { term: argument, ..spot }, Trail::of(DEEP, &Ways::default()));
    }
    if tree.program.scenes[spot.scene].sites.iter().any(|(_, term)| unverifies(term)) {
        options.tls = Tls::Unverified;
    }
    Database {
        client: maker
            .package
            .split('/')
            .next()
            .filter(|it| !it.starts_with('@'))
            .unwrap_or(maker.package)
            .to_owned(),
        system: maker.system.or(options.system),
        pool: options.limit.unwrap_or_else(|| maker.pool.clone()),
        tls: options.tls,
        variable: options.variable,
    }
}

/// How deep options are nested: `extra: { pool: { max: 5 } }`, through names and functions.
const DEEP: u8 = 8;

struct Options<'t, 'p, 's> {
    tree: &'t Tree<'p, 's>,
    limit: Option<Pool>,
    tls: Tls,
    system: Option<System>,
    variable: Option<String>,
}

impl<'s> Options<'_, '_, 's> {
    fn look(&mut self, spot: Spot<'s>, trail: Trail<'_>) {
        let Some(trail) = trail.step() else { return };
        if let Some(value) = self.tree.program.value(spot) {
            let address = value.text().unwrap_or_default();
            self.variable = self.variable.take().or(value.variable);
            self.system = self.system.or_else(|| system_of_address(&address));
            self.address_tls(&address);
            return;
        }
        let Found::Term(found) = self.tree.program.settle(spot) else { return };
        match &found.term.kind {
            Kind::Object(fields) => {
                for (key, term) in fields {
                    self.field(key, Spot { term, ..found }, trail);
                }
            }
            // `useFactory: (config) => ({ … })`, and functions that return options.
            Kind::Function(function) => {
                let scope = self.tree.program.scenes[found.scene].inside(found.term);
                let scope = scope.unwrap_or(found.scope);
                for term in function.returns() {
                    self.look(Spot { scope, term, ..found }, trail);
                }
            }
            Kind::Choice(choice) => {
                self.look(Spot { term: &choice.1, ..found }, trail);
                self.look(Spot { term: &choice.2, ..found }, trail);
            }
            Kind::Call(call)
                if !std::ptr::eq(found.term, spot.term) || call.callee.path().is_some() =>
            {
                self.look(Spot { term: &call.callee, ..found }, trail);
            }
            _ => {}
        }
    }

    fn field(&mut self, key: &str, spot: Spot<'s>, trail: Trail<'_>) {
        if LIMITS.contains(&key) {
            self.limit =
                self.limit.take().or_else(|| Some(self.pool(spot).unwrap_or(Pool::Unknown)));
        } else if matches!(key, "ssl" | "tls") {
            self.tls = self.tls.max(self.encryption(spot, trail));
        } else if matches!(key, "type" | "client" | "dialect" | "provider") {
            let word = self.tree.program.value(spot).and_then(|value| value.text());
            let known = word.and_then(|word| SYSTEMS.iter().find(|(name, _)| *name == word));
            self.system = self.system.or(known.map(|(_, system)| *system));
        } else if matches!(key, "url" | "uri" | "connectionString" | "connection" | "host") {
            self.look(spot, trail);
        } else if matches!(key, "rejectUnauthorized") {
            self.tls = self.tls.max(self.verification(spot));
        } else if matches!(
            key,
            "..." | "extra" | "pool" | "dialectOptions" | "options" | "useFactory"
        ) {
            self.look(spot, trail);
        }
    }

    fn pool(&self, spot: Spot<'s>) -> Option<Pool> {
        let value = self.tree.program.value(spot)?;
        let size = value.port().map(u32::from);
        match value.variable {
            Some(name) => Some(Pool::Variable { name, default: size }),
            None => size.map(Pool::Given),
        }
    }

    /// What `ssl` says: on both ways of a condition, the encrypted one counts.
    fn encryption(&self, spot: Spot<'s>, trail: Trail<'_>) -> Tls {
        let Some(trail) = trail.step() else { return Tls::Verified };
        let Found::Term(found) = self.tree.program.settle(spot) else { return Tls::Verified };
        let at = |term: &'s Term| Spot { term, ..found };
        match &found.term.kind {
            Kind::Flag(false) | Kind::Nothing => Tls::Off,
            // postgres.js: these words encrypt without looking at the certificate.
            Kind::Text(word) if matches!(&**word, "require" | "prefer" | "allow" | "no-verify") => {
                Tls::Unverified
            }
            Kind::Object(fields) => {
                let reject = fields.iter().find(|(key, _)| **key == *"rejectUnauthorized");
                reject.map_or(Tls::Verified, |(_, term)| self.verification(at(term)))
            }
            Kind::Choice(choice) => self.either(at(&choice.1), at(&choice.2), trail),
            Kind::Either(pair) => self.either(at(&pair.0), at(&pair.1), trail),
            Kind::Call(call) => match self.tree.program.follow(at(&call.callee)) {
                Found::Term(function) if function.term.function().is_some() => {
                    self.returned(function, trail)
                }
                _ => Tls::Verified,
            },
            _ => Tls::Verified,
        }
    }

    /// An unverified way is the one worth knowing of.
    fn either(&self, first: Spot<'s>, second: Spot<'s>, trail: Trail<'_>) -> Tls {
        let (first, second) = (self.encryption(first, trail), self.encryption(second, trail));
        if first == Tls::Unverified || second == Tls::Unverified {
            return Tls::Unverified;
        }
        first.max(second)
    }

    fn returned(&self, function: Spot<'s>, trail: Trail<'_>) -> Tls {
        let scope = self.tree.program.scenes[function.scene].inside(function.term);
        let scope = scope.unwrap_or(function.scope);
        let values = function.term.function().map(Function::returns).unwrap_or_default();
        let spots = values.into_iter().map(|term| Spot { scope, term, ..function });
        let all: Vec<Tls> = spots.map(|spot| self.encryption(spot, trail)).collect();
        let unverified = all.iter().copied().find(|tls| *tls == Tls::Unverified);
        unverified.or_else(|| all.iter().copied().max()).unwrap_or(Tls::Verified)
    }

    fn verification(&self, spot: Spot<'s>) -> Tls {
        match self.tree.program.follow(spot) {
            Found::Term(Spot { term: Term { kind: Kind::Flag(false), .. }, .. }) => Tls::Unverified,
            _ => Tls::Verified,
        }
    }

    /// What an address itself says: `?sslmode=verify-full`.
    fn address_tls(&mut self, address: &str) {
        let tls = if address.contains("sslmode=verify-") || address.contains("tls=true") {
            Tls::Verified
        } else if address.contains("sslmode=require") || address.contains("sslmode=no-verify") {
            Tls::Unverified
        } else {
            return;
        };
        self.tls = self.tls.max(tls);
    }
}

fn system_of_address(address: &str) -> Option<System> {
    let scheme = address.split_once("://")?.0;
    let scheme = scheme.split('+').next().unwrap_or(scheme);
    SYSTEMS.iter().find(|(name, _)| *name == scheme).map(|(_, system)| *system)
}

/// `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`.
fn unverifies(term: &Term) -> bool {
    let Kind::Assign(pair) = &term.kind else { return false };
    let off = pair.1.text() == Some("0") || matches!(pair.1.kind, Kind::Number(0.0));
    off && pair.0.is_path("process.env.NODE_TLS_REJECT_UNAUTHORIZED")
}
