import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What a process reports to Prometheus about itself and the calls that it has answered. */
export interface Metrics {
  /**
   * Counts one call of a procedure, through tRPC or REST.
   *
   * @param outcome `ok`, or the reason of the refusal.
   * @param milliseconds from the guard to the answer.
   */
  procedureCalled(procedure: string, outcome: string, milliseconds: number): void
  /**
   * Counts one answer of a plain HTTP route.
   *
   * @param route as it was declared, never the address as it was sent.
   */
  routeAnswered(route: string, status: number, milliseconds: number): void
  /** Counts a login that does not use a procedure. */
  loggedIn(method: 'google' | 'github', outcome: string): void
  /** The text that Prometheus reads. */
  scrape(): Promise<{ contentType: string; text: string }>
}

/** The login method of each login procedure. */
const LOGIN_METHODS: Record<string, string> = { 'auth.login': 'password', 'auth.loginWithCode': 'code' }

const REFRESHES = new Set(['auth.refresh', 'auth.restore'])

/** Seconds. A read takes a few milliseconds, a login a few dozen, and a call to Stripe up to ten seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export type { Registry } from 'prom-client'

/** The metrics of a process. Each call makes its own registry, so that two apps in one process don't share theirs. */
export function createMetrics(): Metrics & { registry: Registry } {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const calls = new Counter({
    ...{
      name: 'tollgate_procedure_calls_total',
      help: 'Calls of a procedure by outcome: ok, or the reason of the refusal',
    },
    ...{ labelNames: ['procedure', 'outcome'] as const, registers },
  })
  const durations = new Histogram({
    ...{ name: 'tollgate_procedure_duration_seconds', help: 'How long a procedure took', buckets: BUCKETS },
    ...{ labelNames: ['procedure'] as const, registers },
  })
  const routes = new Histogram({
    ...{
      name: 'tollgate_http_request_duration_seconds',
      help: 'How long a plain HTTP route took to answer',
      buckets: BUCKETS,
    },
    ...{ labelNames: ['route', 'status'] as const, registers },
  })
  const logins = new Counter({
    ...{ name: 'tollgate_logins_total', help: 'Logins by method and outcome' },
    ...{ labelNames: ['method', 'outcome'] as const, registers },
  })
  const refreshes = new Counter({
    ...{ name: 'tollgate_refreshes_total', help: 'Session refreshes by outcome' },
    ...{ labelNames: ['outcome'] as const, registers },
  })

  return {
    registry,
    procedureCalled(procedure, outcome, milliseconds) {
      calls.inc({ procedure, outcome })
      durations.observe({ procedure }, milliseconds / 1000)
      const method = LOGIN_METHODS[procedure]
      if (method) logins.inc({ method, outcome })
      if (REFRESHES.has(procedure)) refreshes.inc({ outcome })
    },
    routeAnswered: (route, status, milliseconds) => routes.observe({ route, status }, milliseconds / 1000),
    loggedIn: (method, outcome) => logins.inc({ method, outcome }),
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

/** Adds a number that is read when Prometheus asks for it. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => Promise<number | readonly { labels: Record<string, string>; value: number }[]>,
  labelNames: string[] = [],
): void {
  new Gauge({
    ...{ name, help, labelNames, registers: [registry] },
    async collect() {
      const found = await read()
      this.reset()
      if (typeof found === 'number') return this.set(found)
      for (const { labels, value } of found) this.set(labels, value)
    },
  })
}
