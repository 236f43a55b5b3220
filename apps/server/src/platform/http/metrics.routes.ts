import { createHash, timingSafeEqual } from 'node:crypto'
import express, { type Router } from 'express'
import { InvalidToken } from '../errors/errors.ts'
import type { Metrics } from '../metrics.ts'
import { methodNotAllowed } from './error-response.ts'

/**
 * `GET /metrics` for Prometheus.
 *
 * @param access.token the bearer token to read them with. Without a token, only `isOpen` gives access.
 * @param access.isOpen lets everyone read them.
 */
export function createMetricsRoutes(
  metrics: Metrics,
  { token, isOpen }: { token: string | undefined; isOpen: boolean },
): Router {
  const router = express.Router()
  router.get('/metrics', async (req, res) => {
    if (!isOpen && !(token && isSame(req.get('authorization') ?? '', `Bearer ${token}`)))
      throw new InvalidToken(REFUSAL)
    const { contentType, text } = await metrics.scrape()
    res.set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(text)
  })
  router.all('/metrics', methodNotAllowed('GET', 'HEAD'))
  return router
}

const REFUSAL =
  'Send the value of the setting METRICS_TOKEN as a bearer token. If it is not set, no one can read the metrics.'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares in constant time, also if the lengths differ. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted))
