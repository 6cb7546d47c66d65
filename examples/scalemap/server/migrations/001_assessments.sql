CREATE TABLE users (
  email TEXT PRIMARY KEY,
  password TEXT NOT NULL
);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE assessments (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'submitted')),
  submitted_at TIMESTAMPTZ
);

CREATE TABLE assessment_responses (
  assessment_id INTEGER NOT NULL REFERENCES assessments,
  domain_id INTEGER NOT NULL CHECK (domain_id BETWEEN 1 AND 12),
  question_id TEXT NOT NULL,
  response_value INTEGER NOT NULL,
  PRIMARY KEY (assessment_id, domain_id, question_id)
);
