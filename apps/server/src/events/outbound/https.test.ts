import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { anAuthority, type Identity } from '../../../test/certificates.ts'
import { createWebhookPoster, type Attempt } from './post-webhook.ts'

const HOST = 'hooks.example.com'

/** Starts a receiver with TLS. @returns its port, and what each request says about where it went. */
async function aReceiver(identity: Identity) {
  const seen: { serverName: string | false | null; host: string | undefined }[] = []
  const server = createServer(identity, (req, res) => {
    seen.push({ serverName: (req.socket as TLSSocket).servername, host: req.headers.host })
    res.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { [Symbol.dispose]: close, seen, url: `https://${HOST}:${(server.address() as AddressInfo).port}/hooks` }
}

const SETTINGS = { isProduction: false, networks: ['127.0.0.0/8'] }

/** Posts to each URL in a process of its own, which trusts an authority as docs/operations.md says. */
async function postTrusting(caFile: string, urls: readonly string[]): Promise<Attempt[]> {
  const script = `
    import { createWebhookPoster } from ${JSON.stringify(join(import.meta.dirname, 'post-webhook.ts'))}
    const poster = createWebhookPoster(${JSON.stringify(SETTINGS)}, { resolve: async () => ['127.0.0.1'] })
    const attempts = []
    for (const url of ${JSON.stringify(urls)}) attempts.push(await poster.post(url, '{}', { headers: {} }))
    poster.close()
    console.log(JSON.stringify(attempts))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    timeout: 60_000,
  })
  return JSON.parse(stdout) as Attempt[]
}

test('the certificate has to be for the host in the URL, though the socket connects to a checked address', async () => {
  const authority = anAuthority()
  const past = { from: new Date(Date.now() - 172_800_000), to: new Date(Date.now() - 86_400_000) }
  using right = await aReceiver(authority.issue(HOST))
  using other = await aReceiver(authority.issue('other.example.com'))
  using expired = await aReceiver(authority.issue(HOST, past))
  using unknown = await aReceiver(anAuthority('Another authority').issue(HOST))
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-ca-'))
  try {
    writeFileSync(join(dir, 'ca.pem'), authority.cert)
    const urls = [right, other, expired, unknown].map(({ url }) => url)
    const failed = (error: string) => ({ ok: false, status: null, error, retryAfter: null })
    expect(await postTrusting(join(dir, 'ca.pem'), urls)).toEqual([
      { ok: true, status: 204, error: null },
      failed('The certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).'),
      failed('The certificate has expired (CERT_HAS_EXPIRED).'),
      failed('The certificate is not from a trusted authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE).'),
    ])
  } finally {
    rmSync(dir, { recursive: true })
  }
  expect(right.seen).toEqual([{ serverName: HOST, host: new URL(right.url).host }])
  expect([...other.seen, ...expired.seen, ...unknown.seen]).toEqual([])

  // Without the setting, this process trusts no such authority.
  const poster = createWebhookPoster(SETTINGS, { resolve: async () => ['127.0.0.1'] })
  expect(await poster.post(right.url, '{}', { headers: {} })).toMatchObject({
    error: 'The certificate is not from a trusted authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
  })
  poster.close()
})
