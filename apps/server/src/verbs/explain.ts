import { parseArgs } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { EmailAddress } from '../auth/index.ts'
import { explainAccessAt, ExplainInput } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { parseDuration } from '../platform/durations.ts'
import type { Log } from '../platform/log.ts'
import { explanationText } from './explain-text.ts'
import { inScope } from './in-scope.ts'

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()])

/** `explain EMAIL|ACCOUNT [--at TIME] [--grace 7d]`: says whether an account had access then, and why. */
export async function explain(config: Config, log: Log, words: readonly string[]): Promise<number> {
  const {
    values: { at, grace },
    positionals: [which = ''],
  } = parseArgs({
    args: [...words],
    options: { at: { type: 'string' }, grace: { type: 'string' } },
    allowPositionals: true,
  })
  const moment = at === undefined ? undefined : Moment.safeParse(at)
  if (moment?.success === false) return refuse(`--at ${at}: must be a time such as 2026-12-05T10:00:00Z, or a date.`)
  if (grace !== undefined && !ExplainInput.shape.grace.safeParse(grace).success)
    return refuse(`--grace ${grace}: must be a duration such as 12h or 7d.`)

  return inScope({ config, log, verb: 'explain' }, async (scope) => {
    const accountId = await findAccount(scope.em, which)
    if (!accountId) return refuse(`${which}: there is no such account. Use an email address or an account’s id.`)
    const told = await explainAccessAt(scope, {
      accountId,
      ...(moment && { at: new Date(moment.data) }),
      ...(grace !== undefined && { grace: parseDuration(grace) }),
    })
    console.log(explanationText(which, told, grace).join('\n'))
    return 0
  })
}

/** A personal account has its user's id. */
async function findAccount(em: EntityManager, which: string): Promise<string | null> {
  const email = EmailAddress.safeParse(which)
  const id = z.uuid().safeParse(which.toLowerCase())
  if (!email.success && !id.success) return null
  const [row] = email.success
    ? await em.execute<{ id: string }[]>('select id from users where email = ?', [email.data])
    : await em.execute<{ id: string }[]>('select id from accounts where id = ?', [id.data])
  return row?.id ?? null
}

function refuse(problem: string): number {
  console.error(problem)
  return 1
}
