import express, { type Router } from 'express'
import { methodNotAllowed } from './error-response.ts'

export interface Health {
  /** Whether the database answers, and has the tables and queues of this version. */
  isReady(): Promise<boolean>
  isStopping(): boolean
}

/** `GET /healthz`: the process is alive. `GET /readyz`: it can serve requests. */
export function createHealthRoutes({ isReady, isStopping }: Health): Router {
  const router = express.Router()
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/readyz', async (_req, res) => {
    const ready = !isStopping() && (await isReady())
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' })
  })
  router.all(['/healthz', '/readyz'], methodNotAllowed('GET', 'HEAD'))
  return router
}
