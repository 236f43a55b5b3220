import express, { type Router } from 'express'
import { methodNotAllowed } from './error-response.ts'

export interface Health {
  /** @returns a sentence about why this process can't serve; null if it can. */
  findProblem(): Promise<string | null>
  isStopping(): boolean
}

/** `GET /healthz`: the process is alive. `GET /readyz`: it can serve requests. */
export function createHealthRoutes({ findProblem, isStopping }: Health): Router {
  const router = express.Router()
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/readyz', async (_req, res) => {
    const problem = isStopping() ? 'This process is stopping.' : await findProblem()
    if (problem === null) res.json({ status: 'ready' })
    else res.status(503).json({ status: 'not ready', message: problem })
  })
  router.all(['/healthz', '/readyz'], methodNotAllowed('GET', 'HEAD'))
  return router
}
