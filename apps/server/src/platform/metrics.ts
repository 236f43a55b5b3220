import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What a process tells Prometheus about itself and the calls that it has answered. */
export interface Metrics {
  /**
   * Counts one call of a procedure, through tRPC or REST.
   *
   * @param outcome `ok`, or the reason that the caller was given.
   * @param milliseconds from the guard to the answer.
   */
  procedureCalled(procedure: string, outcome: string, milliseconds: number): void
  /** Counts one answer of a raw route. @param route as it was declared, never the address as sent. */
  routeAnswered(route: string, status: number, milliseconds: number): void
  /** Counts a log-in by a way that is no procedure. */
  loggedIn(method: 'google' | 'github', outcome: string): void
  /** The text that Prometheus reads. */
  scrape(): Promise<{ contentType: string; text: string }>
}

/** How somebody came in, by the procedure that let him. */
const LOG_INS: Record<string, string> = { 'auth.login': 'password', 'auth.loginWithCode': 'code' }

/** Seconds: a read takes a few milliseconds, a log-in some tens, a call of Stripe's up to ten seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export type { Registry } from 'prom-client'

/** The metrics of this process: a registry of its own, so that two in one process don't mix. */
export function createMetrics(): Metrics & { registry: Registry } {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const calls = new Counter({
    ...{ name: 'tollgate_procedure_calls_total', help: 'Calls of a procedure, by outcome: ok, or the reason given' },
    ...{ labelNames: ['procedure', 'outcome'] as const, registers },
  })
  const durations = new Histogram({
    ...{ name: 'tollgate_procedure_duration_seconds', help: 'How long a procedure took', buckets: BUCKETS },
    ...{ labelNames: ['procedure'] as const, registers },
  })
  const routes = new Histogram({
    ...{
      name: 'tollgate_http_request_duration_seconds',
      help: 'How long a raw route took to answer',
      buckets: BUCKETS,
    },
    ...{ labelNames: ['route', 'status'] as const, registers },
  })
  const logIns = new Counter({
    ...{ name: 'tollgate_logins_total', help: 'Log-ins by method and outcome' },
    ...{ labelNames: ['method', 'outcome'] as const, registers },
  })
  const refreshes = new Counter({
    ...{ name: 'tollgate_refreshes_total', help: 'Refreshed sessions by outcome' },
    ...{ labelNames: ['outcome'] as const, registers },
  })

  return {
    registry,
    procedureCalled(procedure, outcome, milliseconds) {
      calls.inc({ procedure, outcome })
      durations.observe({ procedure }, milliseconds / 1000)
      const method = LOG_INS[procedure]
      if (method) logIns.inc({ method, outcome })
      if (procedure === 'auth.refresh') refreshes.inc({ outcome })
    },
    routeAnswered: (route, status, milliseconds) => routes.observe({ route, status }, milliseconds / 1000),
    loggedIn: (method, outcome) => logIns.inc({ method, outcome }),
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

/** A number that is asked for when Prometheus reads it. */
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
