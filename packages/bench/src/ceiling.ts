import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { join } from 'node:path'
import type { CeilingMessage, CeilingTask } from './ceilings.ts'
import type { Load } from './load.ts'

export interface Ceiling extends AsyncDisposable {
  /** The base URL of a tRPC server with a query `nothing`, and a mutation `count` that updates a counter. */
  url: string
  measure(task: CeilingTask): Promise<Load>
}

/** Starts the process that measures the ceilings, on the same PostgreSQL as the server. */
export async function startCeiling(databaseUrl: string): Promise<Ceiling> {
  const child = fork(join(import.meta.dirname, 'ceilings.ts'), { env: { ...process.env, DATABASE_URL: databaseUrl } })
  const messages = on(child, 'message', { close: ['exit'] })
  const next = async (): Promise<CeilingMessage> => {
    const { done, value } = (await messages.next()) as IteratorResult<[CeilingMessage], undefined>
    if (done) throw new Error('The process for the ceilings ended.')
    if ('error' in value[0]) throw new Error(`The process for the ceilings failed: ${value[0].error}`)
    return value[0]
  }
  const first = await next()
  return {
    url: 'url' in first ? first.url : '',
    async measure(task) {
      child.send(task)
      const answer = await next()
      if ('perSecond' in answer) return answer
      throw new Error('The process for the ceilings did not measure.')
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
