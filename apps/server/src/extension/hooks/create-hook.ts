import { z } from 'zod'
import { SECOND } from '../../platform/durations.ts'
import { HookFailed } from '../../platform/errors/errors.ts'
import type { Hook } from '../../platform/hook.ts'
import { limitedSqlOf } from '../database/limited-sql.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'
import { abortOf } from '../kit/abort-of.ts'
import { logOf } from '../kit/call-context.ts'

type HookName = keyof NonNullable<ExtensionConfig['hooks']>

/** How long a hook may take if its configuration does not say it. */
const TIMEOUT = 3 * SECOND

/** Maximum length of the sentence of a denial. */
const LONGEST_SENTENCE = 300

/**
 * What a hook may answer. Anything else is a mistake in it, and counts as a failure.
 *
 * Attack: a sentence that quotes the input can be made too long. It is cut, because a hook that has denied must not count
 * as one that has failed: `onFailure` may let that happen.
 */
const Verdict = z
  .strictObject({
    deny: z
      .string()
      .transform((text) =>
        text
          .replaceAll(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, LONGEST_SENTENCE),
      )
      .pipe(z.string().min(1)),
  })
  .optional()
  .transform((verdict) => verdict?.deny ?? null)

/**
 * Creates the function that asks one of the configuration's hooks.
 *
 * @returns null if the configuration does not have it.
 */
export function createHook<About extends object>({ hooks }: ExtensionConfig, name: HookName): Hook<About> | null {
  const definition = hooks?.[name]
  if (!definition) return null
  const { run, timeoutMs = TIMEOUT, onFailure = 'deny' } = definition

  const ask = async ({ em, clock, log }: Parameters<Hook<About>>[0], about: About): Promise<string | null> => {
    const signal = AbortSignal.timeout(timeoutMs)
    const context = { ...limitedSqlOf(em, timeoutMs), signal, now: clock.now(), log: logOf(log) }
    // Also when the code throws at once, or never returns.
    const answer = (async () => run(context, about))()
    return Verdict.parse(await Promise.race([answer, abortOf(signal)]))
  }

  return async (scope, about) => {
    if (scope.em.isInTransaction()) throw new Error(`${name} was asked in a transaction.`)
    const startedAt = performance.now()
    const took = () => Math.round(performance.now() - startedAt)
    try {
      const denied = await ask(scope, about)
      if (denied !== null) scope.log.info({ hook: name, ms: took() }, 'a hook of the configuration denied a call')
      return denied
    } catch (error) {
      scope.log.error({ err: error, hook: name, ms: took(), onFailure }, 'a hook of the configuration failed')
      if (onFailure === 'allow') return null
      throw new HookFailed()
    }
  }
}
