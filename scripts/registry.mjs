import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** How long the registry may take to answer, in milliseconds. */
const PATIENCE = 6_000
/** The network's errors. A registry that answers with any status or with its own certificate is there. */
const UNREACHABLE = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET'],
])

/**
 * Finds out whether npm's registry answers, because npm and pnpm try for over a minute before they give up.
 *
 * @returns the registry's URL if it does not answer; undefined if it does, or if only npm's proxy can tell.
 */
export async function deadRegistry() {
  const { registry, proxy, 'https-proxy': httpsProxy } = await npmConfig()
  const env = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => process.env[name])
  if (!registry || [proxy, httpsProxy, ...env].some(Boolean)) return undefined
  try {
    await fetch(registry, { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE) })
    return undefined
  } catch (error) {
    const isDead = error.name === 'TimeoutError' || UNREACHABLE.has(error.cause?.code)
    return isDead ? registry : undefined
  }
}

async function npmConfig() {
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'list', '--json'])
    return JSON.parse(stdout)
  } catch {
    return {} // an npm that can't say this can still install
  }
}
