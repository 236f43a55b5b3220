import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { urlOf } from '../ports.ts'
import { inboxPage, VIEWS, type Mail, type Summary, type View } from './page.ts'
import { SCRIPT, STYLE } from './style.ts'

interface FrontOptions {
  /** The port of the page; 0 for any free one. */
  port: number
  /** The port of maildev's API, which has the mails. */
  apiPort: number
  smtpPort: number
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';')

/** A mail may come from anyone: nothing in it runs, and only its pictures are loaded. */
const MAIL_POLICY =
  "default-src 'none';style-src 'unsafe-inline';img-src * data:;form-action 'none';frame-ancestors 'self'"

/** Maximum number of mails in the list. The search finds the others. */
const SHOWN = 100

/**
 * Serves the inbox: a page of our own, which works on a phone, and maildev's REST API below `/api`.
 *
 * Maildev's own page covers the mail with the list on narrow screens.
 */
export async function startFront({ port, apiPort, smtpPort }: FrontOptions): Promise<{ port: number; close(): void }> {
  const api = urlOf(apiPort)
  const smtpUrl = `smtp://127.0.0.1:${smtpPort}`
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', urlOf(0))
    if (url.pathname.startsWith('/api/')) return passOn(req, res, apiPort)
    answer(req, res, url, { api, smtpUrl }).catch((error: unknown) => {
      console.error(error)
      if (!res.headersSent) send(res, 502, 'text/plain', 'The inbox does not answer.')
      else res.destroy()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  { pathname, searchParams }: URL,
  { api, smtpUrl }: { api: string; smtpUrl: string },
): Promise<void> {
  if (req.method === 'POST' && pathname === '/delete-all') {
    if ((req.headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin') return send(res, 403, 'text/plain', 'No.')
    await fetch(`${api}/api/email/all`, { method: 'DELETE' })
    res.writeHead(303, { location: '/' }).end()
    return
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') return send(res, 405, 'text/plain', 'Use GET.')
  const search = searchParams.get('q') ?? ''
  const [, id, part] = /^\/mail\/([\w-]+)(\/html)?$/.exec(pathname) ?? []
  if (pathname === '/newest') return send(res, 200, 'text/plain', newestOf(await list(api, '', 1)))
  if (pathname !== '/' && id === undefined) return send(res, 404, 'text/plain', 'Not found.')

  const mail = id === undefined ? undefined : await read<Mail>(`${api}/api/email/${id}`)
  if (mail === null) return send(res, 404, 'text/plain', 'This mail does not exist.')
  if (mail && part) {
    // Links open beside the inbox.
    return send(res, 200, 'text/html', `<base target="_blank">${mail.html ?? ''}`, MAIL_POLICY)
  }
  const { items, total } = await list(api, search, SHOWN)
  const newest = newestOf(search === '' ? { items, total } : await list(api, '', 1))
  const view: View = VIEWS.find((each) => each === searchParams.get('view')) ?? 'html'
  const page = inboxPage({ mails: items, total, newest, search, smtpUrl, view, ...(mail && { mail }) })
  send(res, 200, 'text/html', page.html, POLICY)
}

interface Listed {
  items: Summary[]
  total: number
}

async function list(api: string, search: string, limit: number): Promise<Listed> {
  const query = new URLSearchParams({ limit: String(limit), ...(search && { search }) })
  const listed = await read<Listed>(`${api}/api/email/summary?${query.toString()}`)
  if (!listed) throw new Error('The inbox has no list of its mails.')
  return listed
}

const newestOf = ({ items, total }: Listed): string => `${items[0]?.id ?? 'none'} ${total}`

/** @returns null if there is no such thing. */
async function read<T>(url: string): Promise<T | null> {
  const response = await fetch(url)
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`The inbox answered ${response.status}.`)
  return (await response.json()) as T
}

function send(res: ServerResponse, status: number, type: string, text: string, policy = "default-src 'none'"): void {
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  res.end(text)
}

/** Lets maildev answer. */
function passOn(req: IncomingMessage, res: ServerResponse, port: number): void {
  const { method, url: path, headers } = req
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, (from) => {
    res.writeHead(from.statusCode ?? 502, from.headers)
    from.pipe(res)
  })
  onward.on('error', () => {
    if (res.headersSent) res.destroy()
    else send(res, 502, 'text/plain', 'The inbox does not answer.')
  })
  req.pipe(onward)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The inbox is not listening on a port.')
  return address.port
}
