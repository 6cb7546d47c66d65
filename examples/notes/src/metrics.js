const bounds = [5, 25, 100, 500, 2500];

/** Counters in Prometheus's text format. */
export class Metrics {
  #classes = new Map();
  #buckets = bounds.map(() => 0);
  #seconds = 0;
  #total = 0;

  count(status, ms) {
    const name = `${Math.floor(status / 100)}xx`;
    this.#classes.set(name, (this.#classes.get(name) ?? 0) + 1);
    bounds.forEach((bound, index) => {
      if (ms <= bound) this.#buckets[index] += 1;
    });
    this.#seconds += ms / 1000;
    this.#total += 1;
  }

  show() {
    const lines = ['# TYPE http_requests_total counter'];
    for (const [name, count] of this.#classes) {
      lines.push(`http_requests_total{status="${name}"} ${count}`);
    }
    lines.push('# TYPE http_request_duration_seconds histogram');
    bounds.forEach((bound, index) => {
      lines.push(`http_request_duration_seconds_bucket{le="${bound / 1000}"} ${this.#buckets[index]}`);
    });
    lines.push(`http_request_duration_seconds_bucket{le="+Inf"} ${this.#total}`);
    lines.push(`http_request_duration_seconds_sum ${this.#seconds}`);
    lines.push(`http_request_duration_seconds_count ${this.#total}`);
    return `${lines.join('\n')}\n`;
  }
}
