import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './server-process.ts'

/** Whether PgBouncer is installed (`apt-get install pgbouncer`). */
export function hasPgBouncer(): boolean {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface PgBouncer extends AsyncDisposable {
  /** The database's address through the pooler. */
  readonly url: string
}

/** Starts PgBouncer in front of a database. */
export async function startPgBouncer(
  databaseUrl: string,
  mode: 'session' | 'transaction' | 'statement',
  settings = '',
): Promise<PgBouncer> {
  const { hostname, port, username, pathname } = new URL(databaseUrl)
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-pgbouncer-'))
  const listenPort = await freePort()
  const name = pathname.slice(1)
  const file = join(dir, 'pgbouncer.ini')
  const lines = [
    ...['[databases]', `${name} = host=${hostname} port=${port || 5432} user=${username}`],
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${listenPort}`, 'unix_socket_dir ='],
    ...['auth_type = any', `pool_mode = ${mode}`, 'ignore_startup_parameters = extra_float_digits', settings],
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  execFileSync('chmod', ['-R', 'a+rX', dir])
  const asRoot = process.getuid?.() === 0 ? ['--user=nobody'] : []
  const child = spawn('pgbouncer', ['--quiet', ...asRoot, file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(child, 'exit')
  while (!(await answers(listenPort))) {
    if (child.exitCode !== null) throw new Error('PgBouncer did not start.')
    await sleep(50)
  }
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${listenPort}`
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exit
      rmSync(dir, { recursive: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
