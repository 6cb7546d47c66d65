//! A repository to be checked: a workspace of services and libraries, as large as is wanted.

use std::fs;
use std::path::{Path, PathBuf};

/// How many files a package has, its manifest and Dockerfile among them.
const EACH: usize = 50;

/// What stands beside the packages.
const WORKFLOW: &str = "on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t shop .
";
const TERRAFORM: &str = "resource \"aws_ecs_cluster\" \"main\" {\n  name = \"shop\"\n}\n";
const DOCKERFILE: &str = "FROM node:22-alpine
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev
COPY src src
USER node
CMD [\"node\", \"src/module0.js\"]
";

/// Writes a repository with this many files; `ending` is that of its scripts.
pub(super) fn write(root: &Path, files: usize, ending: &str) -> Result<(), String> {
    put(&root.join("package.json"), "{\"name\": \"shop\", \"workspaces\": [\"packages/*\"]}\n")?;
    put(&root.join(".github/workflows/build.yml"), WORKFLOW)?;
    put(&root.join("infra/main.tf"), TERRAFORM)?;
    for package in 0..packages(files) {
        let folder = root.join(format!("packages/service{package}"));
        let manifest = format!(
            "{{\"name\": \"@shop/service{package}\", \"type\": \"module\", \
             \"scripts\": {{\"start\": \"node src/module0.js\"}}, \
             \"dependencies\": {{\"express\": \"5.1.0\", \"pg\": \"8.16.0\"}}}}\n"
        );
        put(&folder.join("package.json"), &manifest)?;
        put(&folder.join("Dockerfile"), DOCKERFILE)?;
        for module in 0..EACH - 2 {
            put(&folder.join(format!("src/module{module}.{ending}")), &script(module))?;
        }
    }
    Ok(())
}

/// The Dockerfiles of such a repository.
pub(super) fn dockerfiles(root: &Path, files: usize) -> Vec<PathBuf> {
    let of = |package| root.join(format!("packages/service{package}/Dockerfile"));
    (0..packages(files)).map(of).collect()
}

fn packages(files: usize) -> usize {
    files / EACH
}

/// A script of about a hundred lines: routes, queries, a server in the first of a package.
fn script(module: usize) -> String {
    let mut text = String::from("import express from 'express';\nimport pg from 'pg';\n");
    if module > 0 {
        text += &format!("import {{ find0 as before }} from './module{}.js';\n", module - 1);
    }
    text += "const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 });\n";
    text += "export const router = express.Router();\n";
    for route in 0..10 {
        text += &format!(
            "
export async function find{route}(id: string, limit = {route}): Promise<unknown[]> {{
  const found = await pool.query('select * from things where owner = $1 limit $2', [id, limit]);
  if (found.rows.length === 0 && limit > {route}) {{
    throw new Error(`nothing of ${{id}} in module {module}`);
  }}
  return found.rows.map((row) => ({{ ...row, seen: Date.now() }}));
}}
router.get('/module{module}/things{route}/:id', async (request, response) => {{
  response.json(await find{route}(request.params.id));
}});
"
        );
    }
    if module == 0 {
        text += "const app = express();\napp.get('/health', (_, response) => response.send('ok'));\n\
                 app.use(router);\nconst server = app.listen(Number(process.env.PORT ?? 3000));\n\
                 process.once('SIGTERM', () => server.close());\n";
    }
    text
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    let said = |why: std::io::Error| format!("{}: {why}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(said)?;
    fs::write(path, text).map_err(said)
}
