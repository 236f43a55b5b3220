import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { callTRPCProcedure as callProcedure } from '@trpc/server'
import express, { type Router } from 'express'
import { z } from 'zod'
import { recordAudit } from '../platform/audit/audit.ts'
import { writeRows } from '../platform/csv.ts'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import type { CreateContext } from '../platform/rpc/request-context.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AdminDeps, ExportScope } from './admin-scope.ts'
import { exports } from './exports.ts'
import type { ExportList } from './lists/export-list.ts'
import { requireStillAdmin } from './lists/require-still-admin.ts'

/**
 * `GET /admin/export/<list>.csv`: all rows of a list that match its filters, for administrators with a bearer token.
 *
 * The rows are read in pages and written as fast as the client reads, so an export of any length needs little memory. If
 * it fails midway, the connection breaks: a client can't mistake a part for the whole.
 */
export function createExportRoutes(deps: Pick<AdminDeps, 'billing' | 'queues'>, createContext: CreateContext): Router {
  const routes = express.Router()
  const scopeOf = scopeWith(deps)
  for (const list of exports) {
    const path = `/admin/export/${list.name}.csv`
    const guarded = router({ export: beginExport(list) })
    routes.get(path, async (req, res) => {
      const ctx = createContext(req, res)
      const { filters, sessionId } = Beginning.parse(
        await callProcedure({
          router: guarded,
          path: 'export',
          type: 'mutation',
          ctx,
          getRawInput: async () => req.query,
          signal: undefined,
          batchIndex: 0,
        }),
      )
      const openScope = async (): Promise<ExportScope> => {
        const scope = scopeOf({ ...ctx, em: ctx.em.fork() })
        await requireStillAdmin(scope, sessionId)
        return scope
      }
      const pages = list.rows(openScope, filters)[Symbol.asyncIterator]()
      // Before the answer begins, so that what is wrong with the filters is an answer and not a broken download.
      const first = await pages.next()
      res.set({
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${list.name}-${ctx.clock.now().toISOString().slice(0, 10)}.csv"`,
        'Cache-Control': 'no-store',
      })
      if (req.method === 'HEAD') res.end()
      else await pipeline(Readable.from(linesOf(list, first, pages)), res)
    })
    routes.all(path, methodNotAllowed('GET', 'HEAD'))
  }
  return routes
}

const Filters = z.record(z.string(), z.unknown())
const Beginning = z.object({ filters: Filters, sessionId: z.string() })

/** The guard of an export, with its audit row: who has taken which rows. */
const beginExport = (list: ExportList) =>
  adminProcedure
    .input((query) => Filters.parse(query))
    .mutation(async ({ ctx, input }) => {
      const filters = list.readFilters(input)
      await ctx.em.transactional(async (em) => {
        recordAudit({ em, clock: ctx.clock }, auditActor(ctx), {
          ...{ action: 'list.export', targetType: 'list', targetId: list.name },
          ...{ before: null, after: filters },
        })
      })
      return { filters, sessionId: ctx.caller.sessionId }
    })

type Rows = readonly (readonly string[])[]

async function* linesOf(
  { header }: ExportList,
  first: IteratorResult<Rows, unknown>,
  pages: AsyncIterator<Rows, unknown>,
): AsyncGenerator<string> {
  yield writeRows([header])
  for (let page = first; !page.done; page = await pages.next()) {
    if (page.value.length > 0) yield writeRows(page.value)
  }
}
