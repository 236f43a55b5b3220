import cors from 'cors'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { createExportRoutes } from './admin/index.ts'
import { createAuthenticator, createJwksRoutes, createOAuthRoutes } from './auth/index.ts'
import { createPaymobRoutes, createStripeWebhookRoutes } from './billing/index.ts'
import type { Deps } from './deps.ts'
import { openScope } from './deps.ts'
import { newId } from './platform/database/ids.ts'
import { createErrorHandler, methodNotAllowed, routeNotFound } from './platform/http/error-response.ts'
import { createHealthRoutes } from './platform/http/health.routes.ts'
import { LOOPBACK_ORIGIN } from './platform/http/loopback.ts'
import { createMetricsRoutes } from './platform/http/metrics.routes.ts'
import { logRequests } from './platform/http/request-log.ts'
import type { Metrics } from './platform/metrics.ts'
import { createRequestContexts } from './platform/rpc/request-context.ts'
import { createTrpcRoute } from './platform/rpc/trpc-route.ts'
import { createRestRoutes } from './rest/index.ts'
import { createAppRouter } from './router.ts'
import { createServiceAuthenticator, createServiceRouter } from './service/index.ts'
import { watchSystem } from './watch-system.ts'
import { queuesOf } from './worker.ts'

/** Creates the HTTP app: webhook (raw body) → OAuth → /trpc → REST → health → error handler. */
export function createApp(deps: Deps, isStopping: () => boolean): Express {
  const { config, log } = deps
  const scopeFor = (requestId: string) => openScope(deps, { requestId })

  watchSystem(deps)

  // In development, a frontend may run on any port of this machine, under either of its names.
  const origins = [...config.CORS_ORIGINS, ...(config.NODE_ENV === 'development' ? [LOOPBACK_ORIGIN] : [])]

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.TRUST_PROXY)
  app.use(withRequestId)
  app.use(logRequests(log))
  app.use(measureRoutes(deps.metrics))
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      strictTransportSecurity: config.NODE_ENV === 'production',
      referrerPolicy: { policy: 'no-referrer' },
    }),
  )
  app.use(
    cors({
      origin: origins,
      credentials: true,
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: 600,
    }),
  )
  app.use(createStripeWebhookRoutes(deps.billing, () => openScope(deps, {})))
  app.all('/billing/stripe/webhook', methodNotAllowed('POST'))
  app.use(createPaymobRoutes(deps.billing, () => openScope(deps, {})))
  app.use(createJwksRoutes(deps.auth))
  app.use(createOAuthRoutes(deps.auth, scopeFor, deps.metrics))
  const queues = queuesOf(deps.extension)
  const router = createAppRouter({
    ...{ ...deps, queues },
    app: deps.extension.router,
  })
  const createContext = createRequestContexts({
    origins: { listed: origins, own: new URL(config.API_URL).origin },
    limits: deps.auth.limits,
    metrics: deps.metrics,
    openScope: scopeFor,
    authenticate: createAuthenticator(deps.database.em.fork(), { clock: deps.clock, tokens: deps.auth.tokens }),
    authenticateService: createServiceAuthenticator(deps.database.em.fork(), { clock: deps.clock, log }),
  })
  app.use(
    '/trpc',
    createTrpcRoute({
      router,
      maxBatch: config.MAX_BATCH,
      log,
      createContext,
      usesPlainCalls: deps.shortcuts.plainCalls,
    }),
  )
  app.use(createExportRoutes({ billing: deps.billing, queues }, createContext))
  app.use(
    createRestRoutes({
      ...{ router, services: createServiceRouter(deps, isStopping), createContext },
      ...{ apiUrl: config.API_URL, webUrl: config.WEB_URL, brand: deps.brand },
    }),
  )
  app.use(createHealthRoutes({ findProblem: () => deps.findProblem(queues), isStopping }))
  app.use(createMetricsRoutes(deps.metrics, { token: config.METRICS_TOKEN, isOpen: config.NODE_ENV !== 'production' }))
  app.use(routeNotFound)
  app.use(createErrorHandler(log))
  return app
}

/** Measures plain HTTP routes by their declared path. Procedures count themselves. */
function measureRoutes(metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now()
    res.once('finish', () => {
      const declared: unknown = req.route
      const route: unknown = declared instanceof Object ? Reflect.get(declared, 'path') : undefined
      if (typeof route === 'string') metrics.routeAnswered(route, res.statusCode, performance.now() - startedAt)
    })
    next()
  }
}

const withRequestId: RequestHandler = (_req, res, next) => {
  const requestId = newId()
  res.locals['requestId'] = requestId
  res.set('X-Request-Id', requestId)
  next()
}
