import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import { SECOND } from '../../platform/durations.ts'
import { mayReach } from '../../platform/http/address-rules.ts'
import type { Resolve } from './guarded-lookup.ts'
import { createWebhookPoster, OUTBOUND_TIMES } from './post-webhook.ts'
import { newWebhookSecret, signMessage } from './sign.ts'
import { readEndpointUrl } from './url-rules.ts'

const LOCAL = ['127.0.0.0/8', '::1']
const stack: (() => void)[] = []
afterEach(() => {
  for (const stop of stack.splice(0)) stop()
})

async function listening<S extends Server>(server: S): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.push(() => {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
const receiver = (listener: RequestListener) => listening(createServer(listener))

function poster(networks: readonly string[], resolve?: Resolve, times = {}) {
  const made = createWebhookPoster(
    { isProduction: false, networks },
    { ...(resolve && { resolve }), times: { ...OUTBOUND_TIMES, ...times } },
  )
  stack.push(() => made.close())
  return (url: string, signal?: AbortSignal) => made.post(url, '{"a":"ü"}', { headers: {}, ...(signal && { signal }) })
}
const REFUSED = { ok: false, status: null, error: 'The host has an address that is private or reserved.' }

test('a signature is what the standard library for webhooks verifies, with each secret', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  const body = JSON.stringify({ type: 'user.created', data: { name: 'Zoë 🎉' } })
  const headers = signMessage({ id: 'evt_1', sentAt: new Date(), body }, secrets)
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature')
  }
  expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature')
})

describe('an address that no webhook is sent to', () => {
  test.each([
    ['loopback', '127.0.0.1', '127.8.8.8', '::1'],
    ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1'],
    ['link-local', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
    ['shared by a carrier', '100.64.0.1', '100.127.255.255'],
    ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1', '192.0.0.1', '192.88.99.1', '198.18.0.1', '2001:db8::1', '3fff::1', '100::1'],
    ['for documents', '192.0.2.1', '198.51.100.1', '203.0.113.1'],
    [
      'a cloud’s metadata service',
      '169.254.169.254',
      '168.63.129.16',
      '100.100.100.200',
      '192.0.0.192',
      'fd00:ec2::254',
    ],
    ['IPv4 mapped into IPv6', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
    ['IPv4-compatible', '::127.0.0.1', '::7f00:1', '::10.0.0.1'],
    ['IPv4 translated', '::ffff:0:127.0.0.1', '::ffff:0:10.0.0.1'],
    ['behind NAT64', '64:ff9b::127.0.0.1', '64:ff9b::808:808', '64:ff9b:1::a00:1'],
    ['behind 6to4', '2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1'],
    ['behind Teredo', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['behind ISATAP', '2606:4700::5efe:7f00:1', '2606:4700::200:5efe:a00:1'],
    ['site-local of old', 'fec0::1'],
    ['outside the global networks', '4000::1', '5f00::1', 'e000::1'],
    ['no address', '', 'localhost', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '1.2.3'],
  ])('%s', (_kind, ...addresses) => {
    for (const address of addresses) expect([address, mayReach(address, [])]).toEqual([address, false])
  })

  test('public ones are reached, and those in the networks of the settings', () => {
    for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])
      expect([address, mayReach(address, [])]).toEqual([address, true])
    expect(mayReach('10.1.2.3', ['10.1.0.0/16'])).toBe(true)
    expect(mayReach('::ffff:10.1.2.3', ['10.1.0.0/16'])).toBe(true)
    expect(mayReach('10.2.2.3', ['10.1.0.0/16', 'fd00::/8', '10.2.2.2'])).toBe(false)
    expect(mayReach('fd00::9', ['10.1.0.0/16', 'fd00::/8'])).toBe(true)
    // Whatever the settings say.
    for (const address of ['169.254.169.254', '168.63.129.16', '0.0.0.0', 'fe80::1', '224.0.0.1'])
      expect([address, mayReach(address, ['0.0.0.0/0', '::/0'])]).toEqual([address, false])
  })
})

describe('the URL of an endpoint', () => {
  const problem = (text: string, isProduction = true, networks: string[] = []) =>
    readEndpointUrl(text, { isProduction, networks }).problem

  test.each([
    ['http://example.com/hooks', /https/],
    ['ftp://example.com', /absolute URL/],
    ['example.com/hooks', /absolute URL/],
    ['https://user:secret@example.com', /user name or password/],
    ['https://example.com@127.0.0.1', /user name or password/],
    ['https://@example.com/', /user name or password/],
    ['https://example.com/#part', /fragment/],
    ['https:\\\\example.com\\hooks', /absolute URL/],
    ['https://example.com\\@127.0.0.1/', /absolute URL/],
    ['https://exa\tmple.com/', /absolute URL/],
    ['https://example.com:22/', /port 443 or 8443/],
    ['https://example.com:6379/', /port 443 or 8443/],
    ['https://example.com:0/', /port/],
    ['https://example.com:99999/', /absolute URL/],
    ['https://8.8.8.8/', /not an IP address/],
    ['https://[2606:4700::1111]/', /not an IP address/],
    ['https://localhost/', /reachable from the internet/],
    ['https://api.localhost./', /reachable from the internet/],
    ['https://printer.local/', /reachable from the internet/],
    ['https://metadata.google.internal/', /reachable from the internet/],
    ['https://backend/', /reachable from the internet/],
  ])('%s is refused in production', (text, expected) => {
    expect(problem(text)).toMatch(expected)
  })

  test.each(['2130706433', '0x7f000001', '0x7f.1', '017700000001', '127.1', '127.0.0.01', '①②⑦.0.0.1', '127%2e0.0.1'])(
    'no address is hidden in other numbers: %s',
    (host) => {
      for (const isProduction of [true, false])
        expect(problem(`https://${host}/`, isProduction, LOCAL)).toMatch(/usual form/)
    },
  )

  test('ordinary addresses are taken, each in its normal form', () => {
    expect(problem('https://Example.com:443/hooks?x=1')).toBeUndefined()
    expect(problem('https://example.com:8443')).toBeUndefined()
    expect(problem('https://münchen.example/')).toBeUndefined()
    expect(problem('https://backend/', true, ['10.0.0.0/8'])).toBeUndefined()
    expect(problem('http://127.0.0.1:4000/hooks', false)).toBeUndefined()
    expect(problem('http://[::1]:4000/hooks', false)).toBeUndefined()
    const read = readEndpointUrl('https://EXAMPLE.com:443', { isProduction: true, networks: [] })
    expect(read.problem === undefined && read.url.href).toBe('https://example.com/')
  })
})

describe('a request', () => {
  test('goes to exactly the address that was checked, whatever the name server says the next time', async () => {
    let reached = 0
    const port = await receiver((_req, res) => {
      reached += 1
      res.writeHead(204, { connection: 'close' }).end()
    })
    // The first answer is allowed, the second one is not, and would lead to the same receiver.
    const answers = [['127.0.0.1'], ['::ffff:127.0.0.1'], ['10.0.0.1']]
    let asked = 0
    const rebinding: Resolve = async () => answers[asked++] ?? ['10.0.0.1']
    const post = poster(['127.0.0.1'], rebinding)
    expect(await post(`http://rebinding.example:${port}/`)).toMatchObject({ ok: true, status: 204 })
    expect([asked, reached]).toEqual([1, 1]) // asked once, so there was no second answer to be fooled by

    const guarded = poster([], async () => (asked++ % 2 === 0 ? ['93.184.216.34'] : ['127.0.0.1']))
    asked = 1
    expect(await guarded(`http://rebinding.example:${port}/`)).toMatchObject(REFUSED)
    expect([asked, reached]).toEqual([2, 1])
  })

  test('is refused if any address of the answer is', async () => {
    const port = await receiver((_req, res) => res.end())
    const url = `http://mixed.example:${port}/`
    const resolving = (...addresses: string[]) => poster(['127.0.0.1'], async () => addresses)(url)
    expect(await resolving('127.0.0.1', '10.0.0.1')).toMatchObject(REFUSED)
    expect(await resolving('127.0.0.1', '127.0.0.1', '169.254.169.254')).toMatchObject(REFUSED)
    expect(await resolving('::ffff:127.0.0.2')).toMatchObject(REFUSED)
    expect(await resolving()).toMatchObject({ ok: false })
    expect(await resolving('127.0.0.1')).toMatchObject({ ok: true })
  })

  test('to this machine is refused, by name and by address, unless the settings open it', async () => {
    const port = await receiver((_req, res) => res.end())
    for (const host of ['127.0.0.1', 'localhost', 'sub.localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '[::]'])
      expect([host, await poster([])(`http://${host}:${port}/`)]).toMatchObject([host, { ok: false, status: null }])
    expect(await poster([])(`http://127.0.0.1:${port}/`)).toMatchObject(REFUSED)
    expect(await poster(LOCAL)(`http://127.0.0.1:${port}/`)).toMatchObject({ ok: true })
    expect(await poster(LOCAL)(`http://localhost:${port}/`)).toMatchObject({ ok: true })
    expect(await poster(LOCAL)(`http://2130706433:${port}/`)).toMatchObject({ error: expect.stringContaining('usual') })
  })

  test('follows no redirect', async () => {
    const paths: string[] = []
    const port = await receiver((req, res) => {
      paths.push(req.url ?? '')
      res.writeHead(307, { location: `http://127.0.0.1:${port}/secret` }).end()
    })
    expect(await poster(LOCAL)(`http://127.0.0.1:${port}/hook`)).toMatchObject({
      ...{ ok: false, status: 307, error: 'The answer was a redirect (307), which is not followed.' },
    })
    expect(paths).toEqual(['/hook'])
  })

  test('sends the body in full, and uses a connection again', async () => {
    const bodies: [string, string | undefined][] = []
    const ports = new Set<number | undefined>()
    const port = await receiver((req, res) => {
      ports.add(req.socket.remotePort)
      let body = ''
      req.on('data', (part: Buffer) => (body += part.toString()))
      req.on('end', () => {
        bodies.push([body, req.headers['content-type']])
        res.end('thanks')
      })
    })
    const post = poster(LOCAL)
    await post(`http://127.0.0.1:${port}/`)
    await post(`http://127.0.0.1:${port}/`)
    expect(bodies).toEqual(Array.from({ length: 2 }, () => ['{"a":"ü"}', 'application/json']))
    expect(ports.size).toBe(1)
  })

  test('ends when there is no answer, no connection, or an answer without end', async () => {
    const silent = await listening(createTcpServer(() => {}))
    const late = poster(LOCAL, undefined, { answer: 200, body: 200 })
    expect(await late(`http://127.0.0.1:${silent}/`)).toMatchObject({ error: 'There was no answer within 0.2 s.' })

    const stuck = poster(LOCAL, () => new Promise(() => {}), { connect: 100 })
    expect(await stuck(`http://stuck.example:${silent}/`)).toMatchObject({ error: 'The connection took too long.' })

    let isCut = false
    const endless = await receiver((_req, res) => {
      res.once('close', () => (isCut = true))
      const write = () => {
        while (!res.destroyed && res.write('x'.repeat(64 * 1024)));
      }
      res.on('drain', write)
      write()
    })
    expect(await poster(LOCAL)(`http://127.0.0.1:${endless}/`)).toMatchObject({ ok: true, status: 200 })
    await expect.poll(() => isCut).toBe(true)

    const dripping = await receiver((_req, res) => void res.writeHead(200).write('x'))
    expect(await late(`http://127.0.0.1:${dripping}/`)).toMatchObject({ ok: true, status: 200 })
  })

  test('says what failed, without naming addresses', async () => {
    const gone = await listening(createTcpServer((socket) => socket.destroy()))
    expect(await poster(LOCAL)(`http://127.0.0.1:${gone}/`)).toMatchObject({
      error: 'The connection was closed before an answer (ECONNRESET).',
    })
    const missing = poster(LOCAL, () =>
      Promise.reject(Object.assign(new Error('query 10.0.0.53'), { code: 'ENOTFOUND' })),
    )
    expect(await missing('http://missing.example/')).toMatchObject({
      error: 'The host name has no address (ENOTFOUND).',
    })
    const switching = await listening(
      createTcpServer((socket) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      ),
    )
    expect(await poster(LOCAL)(`http://127.0.0.1:${switching}/`)).toMatchObject({ ok: false, status: null })
    const ended = new AbortController()
    const hanging = await receiver(() => ended.abort())
    expect(await poster(LOCAL)(`http://127.0.0.1:${hanging}/`, ended.signal)).toMatchObject({ ok: false, status: null })
    const tls = await receiver((_req, res) => res.end())
    expect(await poster(LOCAL)(`https://127.0.0.1:${tls}/`)).toMatchObject({ ok: false, status: null })
  })

  test('knows when a receiver wants the next try', async () => {
    const answers: [number, string][] = [
      [429, '120'],
      [503, new Date(Date.now() + 600 * SECOND).toUTCString()],
      [500, '120'],
      [429, 'soon'],
      [429, '-5'],
    ]
    const port = await receiver((req, res) => {
      const [status, wait] = answers[Number(req.url?.slice(1))] ?? [200, '']
      res.writeHead(status, { 'retry-after': wait }).end()
    })
    const waits = await Promise.all(
      answers.map(async (_answer, place) => {
        const result = await poster(LOCAL)(`http://127.0.0.1:${port}/${place}`)
        return result.ok ? 'delivered' : result.retryAfter
      }),
    )
    expect(waits).toEqual([120 * SECOND, expect.any(Number), null, null, null])
    expect(Number(waits[1])).toBeGreaterThan(500 * SECOND)
  })
})
