/** Writes one JSON line to standard output, where the container's log driver picks it up. */
export function log(level, message, fields = {}) {
  const line = { timestamp: new Date().toISOString(), level, message, service: 'notes', ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
